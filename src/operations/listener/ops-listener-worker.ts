import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { parentPort, workerData } from 'node:worker_threads';
import { createServer } from './lean-http.js';
import { type FromListener, type ListenerData, sharedSlots, type ToListener } from './listener-messages.js';
import { faultOf, refuseUnparsable } from './malformed-requests.js';
import { identified, ok, problem, toWire, type WireAnswer } from './ops-answers.js';
import type { OpsAnswer } from './ops-routes.js';
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

// A request without Host is refused with a problem instead.
const options = { keepAliveTimeout: 30_000, requestTimeout: 10_000, requireHostHeader: false };
const server = createServer(options, (request, response) => {
  // A client that goes away while it sends is owed nothing.
  answer(request, response).catch(() => response.destroy());
});
refuseUnparsable(server);

async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const body = await read(request);
  const { status, headers, body: text } = refusalOf(request, body) ?? (await answerTo(request, body ?? ''));
  response.writeHead(status, headers).end(request.method === 'HEAD' ? undefined : text);
}

async function answerTo(request: IncomingMessage, body: string): Promise<WireAnswer> {
  const isRead = request.method === 'GET' || request.method === 'HEAD';
  return isRead && request.url?.split('?', 1)[0] === '/livez' ? livez() : ask(request, body);
}

function refusalOf(request: IncomingMessage, body: string | null): WireAnswer | undefined {
  const refusal = body === null ? tooLarge() : faultOf(request);
  return refusal && toWire(identified(refusal, request));
}

function livez(): WireAnswer {
  const stalledMs = Math.round(watch.stalledMs(performance.now()));
  const isBroken = stalledMs >= STALLED_AFTER_MS;
  Atomics.add(slots, isBroken ? sharedSlots.livezBroken : sharedSlots.livezOk, 1);
  return toWire(
    isBroken ? { status: 503, body: { status: 'broken', eventLoopStalledMs: stalledMs } } : ok({ status: 'ok' }),
  );
}

function tooLarge(): OpsAnswer {
  return problem(413, `A body has at most ${MOST_BODY_BYTES} bytes here.`, { Connection: 'close' });
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
function ask(incoming: IncomingMessage, body: string): Promise<WireAnswer> {
  const { method = 'GET', url = '/', headers } = incoming;
  const id = ++lastId;
  const { promise, resolve } = Promise.withResolvers<WireAnswer>();
  const silence = problem(503, 'The process does not answer: its event loop is busy or stalled.');
  const giveUp = () => resolve(toWire(identified(silence, incoming)));
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
