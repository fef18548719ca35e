import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { Worker } from 'node:worker_threads';
import { GOOD } from './baking-deployment.js';

/** Answers well at /info and /readyz, and as a host should not elsewhere. In a thread: floods must not hold it up. */
const HOST = `
const { parentPort, workerData } = require('node:worker_threads');
const server = require('node:http').createServer((request, response) => {
  response.on('error', () => undefined);
  if (request.url === '/long') return response.end(JSON.stringify({ imageDigest: 'a'.repeat(65000) }));
  if (request.url !== '/drip') return response.end(JSON.stringify({ imageDigest: workerData }));
  response.useChunkedEncodingByDefault = true;
  let left = 60000;
  const drip = () => {
    for (let n = 0; n < 1000 && left > 0; n += 1, left -= 1) response.write('a');
    if (left > 0 && !response.destroyed) setImmediate(drip); else response.end();
  };
  drip();
}).listen(0, '127.0.0.1', () => parentPort.postMessage(server.address().port));`;

export async function aHostInAThread(): Promise<{ url: string; close: () => Promise<number> }> {
  const worker = new Worker(HOST, { eval: true, workerData: GOOD });
  const [port] = await once(worker, 'message');
  return { url: `http://127.0.0.1:${port}`, close: () => worker.terminate() };
}

const PROBER = `
const { parentPort, workerData } = require('node:worker_threads');
let inARow = 0, most = 0, isOver = false;
parentPort.once('message', () => (isOver = true));
(async () => {
  while (!isOver) {
    const answer = await fetch(workerData, { signal: AbortSignal.timeout(1000) }).catch(() => null);
    inARow = answer?.ok ? 0 : inARow + 1;
    most = Math.max(most, inARow);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  parentPort.postMessage(most);
})();`;

/** Probes a URL until it is stopped, in a thread too. Tells how often in a row there was no good answer within a second. */
export function aProber(url: string): { stop: () => Promise<number> } {
  const worker = new Worker(PROBER, { eval: true, workerData: url });
  const stop = async (): Promise<number> => {
    // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread, not a window
    worker.postMessage('stop');
    const [most] = await once(worker, 'message');
    await worker.terminate();
    return most as number;
  };
  return { stop };
}

/** Connections that are left as they are until all of them are closed. */
export class Flood {
  readonly #sockets: Socket[] = [];

  /** Opens so many connections, a hundred at a time, and sends this over each. None is closed from here. */
  async open(url: string, count: number, text: string): Promise<void> {
    for (let opened = 0; opened < count; opened += 100) {
      await Promise.all(Array.from({ length: Math.min(100, count - opened) }, () => this.#send(url, text)));
    }
  }

  close(): void {
    for (const socket of this.#sockets.splice(0)) socket.destroy();
  }

  async #send(url: string, text: string): Promise<void> {
    const socket = connect(Number(new URL(url).port), '127.0.0.1');
    this.#sockets.push(socket);
    socket.on('error', () => undefined).resume();
    await Promise.race([once(socket, 'connect'), once(socket, 'close')]).catch(() => undefined);
    if (!socket.destroyed) socket.write(text);
  }
}

/** The head of a request whose body will not come in full. */
export function unfinished(line: string, token: string, length: number, sent: number): string {
  const headers = [`authorization: Bearer ${token}`, 'content-type: application/json', `content-length: ${length}`];
  return [`${line} HTTP/1.1`, 'host: localhost', ...headers, '', ''].join('\r\n') + 'x'.repeat(sent);
}

/** Asks so many times at once, with whatever token; says how often each status came, 0 for no answer. */
export async function askOften(count: number, url: string, token: () => string): Promise<Map<number, number>> {
  const statuses = new Map<number, number>();
  const one = async (): Promise<void> => {
    const headers = { authorization: `Bearer ${token()}` };
    const status = await fetch(url, { headers })
      .then(async (response) => {
        await response.arrayBuffer();
        return response.status;
      })
      .catch(() => 0);
    statuses.set(status, (statuses.get(status) ?? 0) + 1);
  };
  for (let asked = 0; asked < count; asked += 100) {
    await Promise.all(Array.from({ length: Math.min(100, count - asked) }, one));
  }
  return statuses;
}

export const anUnknownToken = (): string => `plm_${randomBytes(32).toString('base64url')}`;
