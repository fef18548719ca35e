import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { parentPort, workerData } from 'node:worker_threads';
import { type FromListener, type ListenerData, sharedSlots, type ToListener } from './listener-messages.js';
import { ok, problem, toWire, type WireAnswer } from './ops-answers.js';
import { StallWatch } from './stall-watch.js';

// A thread of its own: it answers while the main thread loads modules, collects garbage or hangs. It alone can tell
// that the main event loop no longer turns; everything else it passes on to the main thread.

const STALLED_AFTER_MS = 10_000;
const ANSWER_WITHIN_MS = 5000;
const MOST_BODY_BYTES = 64 * 1024;

const { host, port, shared } = workerData as ListenerData;
const slots = new Int32Array(shared);
const watch = new StallWatch(performance.now());
const waiting = new Map<number, (answer: WireAnswer) => void>();
let lastId = 0;

const server = createServer({ keepAliveTimeout: 30_000, requestTimeout: 10_000 }, (request, response) => {
  // A client that goes away while it sends is owed nothing.
  answer(request, response).catch(() => response.destroy());
});

async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const body = await read(request);
  const isLivez = request.url?.split('?', 1)[0] === '/livez' && (request.method === 'GET' || request.method === 'HEAD');
  const { status, headers, body: text } = body === null ? tooLarge() : isLivez ? livez() : await ask(request, body);
  response.writeHead(status, headers).end(request.method === 'HEAD' ? undefined : text);
}

function livez(): WireAnswer {
  const stalledMs = Math.round(watch.stalledMs(performance.now()));
  const isBroken = stalledMs >= STALLED_AFTER_MS;
  Atomics.add(slots, isBroken ? sharedSlots.livezBroken : sharedSlots.livezOk, 1);
  return toWire(
    isBroken ? { status: 503, body: { status: 'broken', eventLoopStalledMs: stalledMs } } : ok({ status: 'ok' }),
  );
}

function tooLarge(): WireAnswer {
  return toWire(problem(413, `A body has at most ${MOST_BODY_BYTES} bytes here.`, { Connection: 'close' }));
}

/** Null if it is too large. */
async function read(request: IncomingMessage): Promise<string | null> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > MOST_BODY_BYTES) return null;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString();
}

/** Asks the main thread, which answers unless its loop is stalled. */
function ask({ method = 'GET', url = '/', headers }: IncomingMessage, body: string): Promise<WireAnswer> {
  const id = ++lastId;
  const { promise, resolve } = Promise.withResolvers<WireAnswer>();
  const giveUp = () => resolve(toWire(problem(503, 'The process does not answer: its event loop is busy or stalled.')));
  const timer = setTimeout(giveUp, ANSWER_WITHIN_MS);
  waiting.set(id, resolve);
  send({ type: 'request', id, request: { method, url, headers, body } });
  return promise.finally(() => {
    clearTimeout(timer);
    waiting.delete(id);
  });
}

function send(message: FromListener): void {
  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread, not a window
  parentPort?.postMessage(message);
}

function close(): void {
  server.close(() => process.exit(0));
  server.closeIdleConnections();
}

parentPort?.on('message', (message: ToListener) => {
  if (message.type === 'close') close();
  else waiting.get(message.id)?.(message.answer);
});
setInterval(() => watch.observe(Atomics.load(slots, sharedSlots.beats), performance.now()), 500);
server.once('error', (error: NodeJS.ErrnoException) => send({ type: 'failed', code: error.code ?? error.message }));
server.listen(port, host, () => send({ type: 'listening', port: (server.address() as AddressInfo).port }));
