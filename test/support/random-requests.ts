import { type Socket, connect } from 'node:net';
import { METHODS } from 'node:http';

const PIPELINED = 50;

const places = [
  '/',
  '/v1/',
  '/v1/services/',
  '/v1/environments/',
  '/v1/deployments/',
  '/health/',
  '/loggers/',
  '/docs/',
];
const oddities = [
  '//',
  '/%',
  '/%ff',
  '/..%2f..',
  '/{group}',
  '/__proto__',
  '/a b',
  '*',
  'http://elsewhere/',
  '/?a[b]=c',
];

/**
 * Sends so many requests, 50 at a time down one connection, with random paths, methods, hosts, queries and headers. Some
 * are no HTTP at all, and end their connection. Resolves with how many were answered.
 */
export async function sendRandomRequests(port: number, count: number): Promise<number> {
  let [answered, socket] = [0, open(port)];
  for (let sent = 0; sent < count; sent += PIPELINED) {
    if (socket.destroyed || socket.readableEnded) socket = open(port);
    answered += await exchange(socket, Math.min(PIPELINED, count - sent));
  }
  socket.destroy();
  return answered;
}

/** An error shows as the `close` that follows it. */
function open(port: number): Socket {
  return connect(port, '127.0.0.1').on('error', () => undefined);
}

/** Resolves when every request has its answer, or the server has closed. */
async function exchange(socket: Socket, requests: number): Promise<number> {
  let [answers, rest] = [0, ''];
  const done = Promise.withResolvers<void>();
  const onData = (bytes: Buffer) => {
    const text = rest + bytes.toString('latin1');
    answers += text.match(/HTTP\/1\.1 \d{3} /g)?.length ?? 0;
    // Less than an answer's first line, so that none is counted twice.
    rest = text.slice(-12);
    if (answers >= requests) done.resolve();
  };
  socket.on('data', onData).once('close', done.resolve);
  socket.write(Array.from({ length: requests }, randomRequest).join(''));
  await done.promise;
  socket.off('data', onData).off('close', done.resolve);
  return Math.min(answers, requests);
}

function randomRequest(): string {
  if (Math.random() < 0.002) return `${randomWord()}\r\n\r\n`;
  const method = Math.random() < 0.5 ? oneOf(usual) : oneOf(methods);
  // Few: what is refused before its body was read ends the connection, and what was to be answered on it.
  const body = method !== 'GET' && Math.random() < 0.01 ? JSON.stringify({ [randomWord()]: randomWord() }) : '';
  const headers = [
    `Host: ${randomWord()}.example`,
    `X-Request-Id: ${randomWord()}`,
    `X-${randomWord()}: ${randomWord()}`,
    `Authorization: Bearer plm_${randomWord()}`,
    `Content-Type: application/${randomWord()}`,
    `Content-Length: ${body.length}`,
  ];
  return `${method} ${randomTarget()} HTTP/1.1\r\n${headers.join('\r\n')}\r\n\r\n${body}`;
}

// An answer to HEAD, or a tunnel, would end a pipeline in ways of its own.
const usual = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'];
const methods = METHODS.filter((method) => method !== 'CONNECT' && method !== 'HEAD');

function randomTarget(): string {
  const path =
    Math.random() < 0.1
      ? oneOf(oddities)
      : oneOf(places) + Array.from({ length: Math.random() * 4 }, randomWord).join('/');
  return encodeURI(`${path}?${randomWord()}=${randomWord()}`);
}

function randomWord(): string {
  return Math.random().toString(36).slice(2);
}

function oneOf<T>(items: readonly T[]): T {
  return items[Math.floor(Math.random() * items.length)]!;
}
