/** A process that does as many requests as it can for a while, whenever its parent asks; answers with their number. */
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';

const CONNECTIONS = 32;
const REQUEST = 'GET /greeting HTTP/1.1\r\nHost: 127.0.0.1\r\nAccept: */*\r\n\r\n';
const END = '{"greeting":"hello"}';

const connections = new Map<number, Socket[]>();

process.on('message', async ({ port, ms }: { port: number; ms: number }) => {
  const sockets = connections.get(port) ?? (await connectTo(port));
  connections.set(port, sockets);
  const startedAt = performance.now();
  const counts = await Promise.all(sockets.map((socket) => requestFor(socket, startedAt + ms)));
  const requests = counts.reduce((sum, count) => sum + count, 0);
  process.send?.({ requests, seconds: (performance.now() - startedAt) / 1000 });
});

async function connectTo(port: number): Promise<Socket[]> {
  const sockets = Array.from({ length: CONNECTIONS }, () => connect({ port, host: '127.0.0.1', noDelay: true }));
  await Promise.all(sockets.map((socket) => once(socket.setEncoding('latin1'), 'connect')));
  return sockets;
}

/** One request after the other. Raw sockets: a client that parses would cost more than the server it measures. */
function requestFor(socket: Socket, until: number): Promise<number> {
  const { promise, resolve } = Promise.withResolvers<number>();
  let requests = 0;
  let answer = '';
  const onData = (text: string) => {
    answer += text;
    if (!answer.endsWith(END)) return;
    if (!answer.startsWith('HTTP/1.1 200')) throw new Error(`expected 200:\n${answer}`);
    answer = '';
    requests += 1;
    if (performance.now() < until) return void socket.write(REQUEST);
    socket.off('data', onData);
    resolve(requests);
  };
  socket.on('data', onData).write(REQUEST);
  return promise;
}
