/**
 * A process that sends traffic that nobody wants, when its parent says so: requests with tokens that nobody knows, at an
 * even rate; or requests with one valid token, as fast as its connections get them answered.
 */
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';

export interface Flood {
  readonly port: number;
  readonly path: string;
  readonly seconds: number;
  readonly connections: number;
  /** None: each connection sends its next request when the last one is answered. */
  readonly perSecond?: number;
  /** None: each request has a token of its own, that nobody knows. */
  readonly token?: string;
  readonly body?: object;
}

export interface FloodReport {
  readonly perSecond: number;
  readonly statuses: Readonly<Record<string, number>>;
}

const TICK_MS = 5;
/** Of the end: a server that does not answer at all ends the flood too. */
const ANSWERED_WITHIN_MS = 10_000;

process.on('message', async (flood: Flood) => {
  const startedAt = performance.now();
  const statuses: Record<string, number> = {};
  const count = (status: string): void => void (statuses[status] = (statuses[status] ?? 0) + 1);
  const lines = await Promise.all(Array.from({ length: flood.connections }, () => lineTo(flood.port)));
  const until = performance.now() + flood.seconds * 1000;
  const insist = async (line: Line) => {
    while (performance.now() < until && !line.isBroken) count(await line.ask(requestOf(flood)));
  };
  const { perSecond } = flood;
  const sending =
    perSecond === undefined ? Promise.all(lines.map(insist)) : sendEvenly({ ...flood, perSecond }, lines, count);
  await Promise.race([
    sending,
    new Promise((resolve) => setTimeout(resolve, flood.seconds * 1000 + ANSWERED_WITHIN_MS)),
  ]);
  const sent = Object.values(statuses).reduce((sum, each) => sum + each, 0);
  process.send?.({ perSecond: sent / ((performance.now() - startedAt) / 1000), statuses } satisfies FloodReport);
});

/** Sends what is due by now, however late, on whatever connection is free. */
async function sendEvenly(flood: Flood & { perSecond: number }, lines: Line[], count: (status: string) => void) {
  const free = [...lines];
  const use = async (line: Line) => count(await line.ask(requestOf(flood)));
  const [startedAt, all] = [performance.now(), flood.seconds * flood.perSecond];
  let sent = 0;
  while (sent < all) {
    const due = Math.min(all, ((performance.now() - startedAt) / 1000) * flood.perSecond);
    for (const line of free.splice(0, Math.ceil(due - sent))) {
      sent += 1;
      void use(line).finally(() => free.push(line));
    }
    if (performance.now() - startedAt > flood.seconds * 1000) break;
    await new Promise((resolve) => setTimeout(resolve, TICK_MS));
  }
}

function requestOf({ path, token, body }: Flood): string {
  const json = body ? JSON.stringify(body) : '';
  const content = body ? `Content-Type: application/json\r\nContent-Length: ${Buffer.byteLength(json)}\r\n` : '';
  const bearer = token ?? `plm_${randomBytes(32).toString('base64url')}`;
  return `${body ? 'POST' : 'GET'} ${path} HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer ${bearer}\r\n${content}\r\n${json}`;
}

interface Line {
  readonly isBroken: boolean;
  /** The status of the answer, or why there was none. */
  ask(request: string): Promise<string>;
}

/** Raw: a client that parses would cost as much as the server that it measures. */
async function lineTo(port: number): Promise<Line> {
  const socket = connect({ port, host: '127.0.0.1', noDelay: true }).setEncoding('latin1');
  await once(socket, 'connect').catch(() => undefined);
  return lineOver(socket);
}

function lineOver(socket: Socket): Line {
  let answer = '';
  let tell: ((status: string) => void) | undefined;
  socket.on('error', () => undefined).on('close', () => tell?.('closed'));
  socket.on('data', (text: string) => {
    answer += text;
    const head = answer.indexOf('\r\n\r\n');
    const [, length = '0'] = /content-length: (\d+)/i.exec(answer) ?? [];
    if (head === -1 || answer.length < head + 4 + Number(length)) return;
    const status = answer.slice(9, 12);
    answer = '';
    tell?.(status);
  });
  return {
    get isBroken() {
      return socket.destroyed;
    },
    ask: (request) =>
      new Promise((resolve) => {
        tell = resolve;
        if (socket.destroyed) resolve('closed');
        else socket.write(request, 'latin1');
      }),
  };
}
