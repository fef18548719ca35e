/**
 * From a verdict to its event at a sink, at 1,000 verdicts a minute, with five sinks of which one is dead: it accepts
 * connections and never answers.
 *
 *   DATABASE_URL=postgres://… node ops/bench/sinks.ts [--verdicts 1000] [--slots 50]
 *
 * Needs a built server. A slot whose gate is `ungated` has its verdict at `deployed`, so a verdict is three events.
 */
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { loadavg } from 'node:os';
import { parseArgs } from 'node:util';
import { Client } from 'pg';
import { machine, ownDatabase, request, startPlimsoll } from './server.ts';

const { values: options } = parseArgs({
  options: { verdicts: { type: 'string', default: '1000' }, slots: { type: 'string', default: '50' } },
});
const [count, slots] = [Number(options.verdicts), Number(options.slots)];
const LIVING = 4;
const DIGEST = `sha256:${'a'.repeat(64)}`;

/** When each event of a verdict came, by sink and id. */
const arrivals = Array.from({ length: LIVING }, () => new Map<string, number>());

async function listen(answer: (request: IncomingMessage, response: ServerResponse) => void): Promise<string> {
  const server = createServer(answer).listen(0, '127.0.0.1');
  server.unref();
  await once(server, 'listening');
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

const livingUrls = await Promise.all(
  arrivals.map((arrived) =>
    listen((incoming, response) => {
      const id = String(incoming.headers['webhook-id']);
      if (!arrived.has(id)) arrived.set(id, Date.now());
      incoming.resume().on('end', () => response.writeHead(204).end());
    }),
  ),
);
const deadUrl = await listen(() => undefined);
const sinks = [...livingUrls, deadUrl].map((url, n) => ({
  name: `sink-${n}`,
  kind: 'cdevents',
  url,
  secret: 'a-secret-of-many-characters',
}));

const database = await ownDatabase('bench_sinks');
const client = new Client({ connectionString: database.url });
try {
  const env = { PROBE_ALLOW: '127.0.0.1', SINKS: JSON.stringify(sinks), LOG_LEVEL: 'warn' };
  const plimsoll = await startPlimsoll(database.url, env);
  await client.connect();
  await request(plimsoll, 'PUT', '/v1/environments/production', { tier: 'production' });
  for (let n = 0; n < slots; n += 1) {
    await request(plimsoll, 'PUT', `/v1/services/service-${n}`, {});
    await request(plimsoll, 'PUT', `/v1/services/service-${n}/environments/production/gate`, { ungated: 'a bench' });
    const release = { version: '1', gitSha: 'a'.repeat(40) };
    await request(plimsoll, 'PUT', `/v1/services/service-${n}/releases/${DIGEST}`, release);
  }

  const ship = async (n: number): Promise<void> => {
    const wish = { service: `service-${n % slots}`, environment: 'production', digest: DIGEST };
    const { id, fence } = await request<{ id: string; fence: number }>(plimsoll, 'POST', '/v1/deployments', wish);
    await request(plimsoll, 'POST', `/v1/deployments/${id}/deployed`, { fence });
  };
  const began = performance.now();
  const everyMs = 60_000 / count;
  const lanes: Promise<void>[] = Array.from({ length: slots }, () => Promise.resolve());
  for (let n = 0; n < count; n += 1) {
    const dueInMs = began + n * everyMs - performance.now();
    if (dueInMs > 0) await new Promise((resolve) => setTimeout(resolve, dueInMs));
    // One deployment at a time in a slot.
    lanes[n % slots] = (lanes[n % slots] ?? Promise.resolve()).then(() => ship(n));
  }
  await Promise.all(lanes);
  const minutes = (performance.now() - began) / 60_000;

  const { rows } = await client.query<{ id: string; at: Date }>(
    `select id, created_at as at from events where type = 'deployment.verdict-promote'`,
  );
  const giveUpAt = Date.now() + 60_000;
  while (Date.now() < giveUpAt && arrivals.some((arrived) => rows.some(({ id }) => !arrived.has(id)))) {
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  const took = arrivals.flatMap((arrived) => rows.map(({ id, at }) => (arrived.get(id) ?? Infinity) - at.getTime()));
  took.sort((one, other) => one - other);
  const share = (part: number) => took[Math.min(took.length - 1, Math.floor(took.length * part))];
  console.log(`${machine()}, load ${loadavg()[0]?.toFixed(1)}`);
  console.log(
    `${rows.length} verdicts, ${(rows.length / minutes).toFixed(0)} a minute, ${LIVING} sinks and a dead one`,
  );
  console.log(`verdict to sink: p50 ${share(0.5)} ms, p99 ${share(0.99)} ms (goal 1000), max ${took.at(-1)} ms`);
} finally {
  await client.end();
  await database.drop();
}
process.exit(0);
