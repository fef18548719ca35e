/** A service of a few lines, whose faults are told by its variables. It drains on SIGTERM, as services should. */
import { createServer } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';

const {
  VERSION,
  IMAGE_DIGEST,
  NEVER_READY,
  CRASH_AFTER_MS,
  FAIL_EVERY,
  SHOWS_DIGEST,
  LISTEN_AFTER_MS = '0',
} = process.env;
const streams = new Set();
let isDraining = false;
let served = 0;

const routes = {
  '/readyz': (response) => response.writeHead(NEVER_READY ? 503 : 200).end(),
  '/info': (response) => response.end(JSON.stringify({ imageDigest: SHOWS_DIGEST ?? IMAGE_DIGEST, version: VERSION })),
  '/slow': async (response) => {
    await delay(4000);
    response.end(VERSION);
  },
  '/events': (response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' }).write(': begins\n\n');
    streams.add(response);
    response.on('close', () => streams.delete(response));
  },
};

const server = createServer((request, response) => {
  if (isDraining) response.setHeader('connection', 'close');
  const route = routes[request.url];
  if (route !== undefined) return void route(response);
  served += 1;
  if (FAIL_EVERY && served % Number(FAIL_EVERY) === 0) response.statusCode = 500;
  response.end(VERSION);
});
setTimeout(() => {
  server.listen(8080, () => process.stdout.write(`version ${VERSION} listens\n`));
  if (CRASH_AFTER_MS) setTimeout(() => process.exit(1), Number(CRASH_AFTER_MS));
}, Number(LISTEN_AFTER_MS));
if (NEVER_READY) process.stdout.write('I am not ready\n');

setInterval(() => streams.forEach((stream) => stream.write(`data: ${VERSION}\n\n`)), 250).unref();
process.on('SIGTERM', () => {
  isDraining = true;
  for (const stream of streams) stream.end('retry: 10\n\n');
  server.close(() => process.exit(0));
  setInterval(() => server.closeIdleConnections(), 50);
});
