/**
 * 1,000 open event streams on one instance: the memory that they take, heartbeats that came late, how long an event takes
 * to the slowest of them, and how long a drain takes to end them all.
 *
 *   DATABASE_URL=postgres://… node ops/bench/events.ts [--streams 1000] [--seconds 60]
 *
 * Needs Linux and a built server.
 */
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { Agent, get, type IncomingMessage } from 'node:http';
import { parseArgs } from 'node:util';
import { machine, ownDatabase, request, type RunningPlimsoll, startPlimsoll } from './server.ts';

const { values: options } = parseArgs({
  options: { streams: { type: 'string', default: '1000' }, seconds: { type: 'string', default: '60' } },
});
const [count, seconds] = [Number(options.streams), Number(options.seconds)];
const HEARTBEAT_MS = 15_000;

interface Client {
  heardAt: number;
  longestSilenceMs: number;
  eventAt: number | null;
  endedAt: number | null;
}

const most = (values: readonly number[]) => Math.round(values.reduce((one, other) => Math.max(one, other), 0));

const database = await ownDatabase('bench_events');
try {
  const plimsoll = await startPlimsoll(database.url, {
    MAX_CONNECTIONS: String(count + 50),
    SHUTDOWN_DELAY_MS: '2000',
  });
  await request(plimsoll, 'PUT', '/v1/environments/production', { tier: 'production' });
  await request(plimsoll, 'PUT', '/v1/services/checkout', {});
  const before = memoryMib(plimsoll);
  const clients = await Promise.all(Array.from({ length: count }, () => open(plimsoll)));
  await new Promise((resolve) => setTimeout(resolve, seconds * 1000));
  const took = memoryMib(plimsoll) - before;

  const toldAt = performance.now();
  const incident = { service: 'checkout', environment: 'production', title: 'Orders are lost' };
  await request(plimsoll, 'POST', '/v1/incidents', incident);
  await all(clients, 'eventAt');
  const drainedAt = performance.now();
  plimsoll.process.kill('SIGTERM');
  await all(clients, 'endedAt');

  const silence = most(clients.map(({ longestSilenceMs }) => longestSilenceMs));
  console.log(machine());
  console.log(`${count} streams: ${took.toFixed(0)} MiB (goal 200)`);
  console.log(`the longest silence in ${seconds} s: ${silence} ms (a heartbeat is due every ${HEARTBEAT_MS} ms)`);
  console.log(`an event was everywhere after ${most(clients.map(({ eventAt }) => (eventAt ?? 0) - toldAt))} ms`);
  console.log(
    `a drain ended all after ${most(clients.map(({ endedAt }) => (endedAt ?? 0) - drainedAt))} ms (goal 1000)`,
  );
} finally {
  await database.drop();
}

async function open({ url, token }: RunningPlimsoll): Promise<Client> {
  const agent = new Agent({ keepAlive: false });
  const headers = { authorization: `Bearer ${token}` };
  const outgoing = get(`${url}/v1/events`, { agent, headers });
  const [response] = (await once(outgoing, 'response')) as [IncomingMessage];
  if (response.statusCode !== 200) throw new Error(`A stream was answered ${response.statusCode}`);
  const client: Client = { heardAt: performance.now(), longestSilenceMs: 0, eventAt: null, endedAt: null };
  response.setEncoding('utf8').on('data', (text: string) => {
    const now = performance.now();
    client.longestSilenceMs = Math.max(client.longestSilenceMs, now - client.heardAt);
    client.heardAt = now;
    if (text.includes('incident.detected')) client.eventAt = now;
  });
  response.on('end', () => (client.endedAt = performance.now()));
  return client;
}

async function all(clients: readonly Client[], field: 'eventAt' | 'endedAt'): Promise<void> {
  const giveUpAt = performance.now() + 30_000;
  while (clients.some((client) => client[field] === null)) {
    if (performance.now() > giveUpAt) throw new Error(`Not every stream had its ${field} within 30 s`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

function memoryMib({ process: { pid } }: RunningPlimsoll): number {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  return Number(/VmRSS:\s+(\d+)/.exec(status)?.[1] ?? NaN) / 1024;
}
