/**
 * What traffic that nobody wants does to gates: how late measurements are, and how many are missed, in quiet phases and
 * under a flood by turns, in one run on one server.
 *
 *   DATABASE_URL=postgres://… node ops/bench/flood.ts [--as strangers|reporter] [--rate 2000] [--connections 1500]
 *                                                     [--gates 300] [--interval 5] [--rounds 3] [--seconds 20]
 *
 * `strangers` send that many requests a second, each with a token that nobody knows; a `reporter` posts observations
 * over that many connections. Needs a built server. Hosts and flood are processes of their own, on loopback.
 */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { Client } from 'pg';
import type { Flood, FloodReport } from './flood-load.ts';
import { seedGates } from './gates-seed.ts';
import {
  answering,
  freePort,
  machine,
  ownDatabase,
  request,
  ROOT,
  run,
  type RunningPlimsoll,
  start,
  startPlimsoll,
} from './server.ts';

const text = (value: string) => ({ type: 'string', default: value }) as const;
const { values: options } = parseArgs({
  options: {
    as: text('strangers'),
    rate: text('2000'),
    connections: text('1500'),
    gates: text('300'),
    interval: text('5'),
    rounds: text('3'),
    seconds: text('20'),
  },
});
const seconds = Number(options.seconds);

/** Until the runs are taken and all bakes have begun. */
const SETTLE_MS = 20_000;
/** Between two phases: what one has left over must not count for the next. */
const PAUSE_MS = 3000;
const STRANGERS_CONNECTIONS = 256;
const SLOT = '/v1/services/s0/environments/e0';

interface Phase {
  readonly from: Date;
  readonly to: Date;
}

const database = await ownDatabase('bench_flood');
try {
  const server = await startWithGates();
  console.log(`${options.gates} gates, 2 checks each every ${options.interval} s; ${machine()}`);
  const flood = await floodOf(server);
  await sleep(SETTLE_MS);
  const phases: { quiet: Phase[]; flooded: Phase[] } = { quiet: [], flooded: [] };
  for (let round = 0; round < Number(options.rounds); round += 1) {
    phases.quiet.push(await during(() => sleep(seconds * 1000)));
    phases.flooded.push(await during(async () => tell(await under(flood))));
  }
  const [quiet, flooded] = [await latenessIn(phases.quiet), await latenessIn(phases.flooded)];
  console.log(`quiet:   ${quiet.told}`);
  console.log(`flooded: ${flooded.told}`);
  console.log(`the flood adds ${(flooded.p99 - quiet.p99).toFixed(1)} ms to the lateness p99`);
  server.process.kill('SIGKILL');
} finally {
  await database.drop();
}
process.exit();

async function startWithGates(): Promise<RunningPlimsoll> {
  await run(['dist/migrate.js', 'up'], { APP_ENV: 'development', DATABASE_URL: database.url });
  const hostsPort = await freePort();
  start(['ops/bench/gates-hosts.ts'], { PORT: String(hostsPort) });
  await answering(`http://127.0.0.1:${hostsPort}/`);
  const [gates, intervalSeconds] = [Number(options.gates), Number(options.interval)];
  await seedGates(database.url, {
    gates,
    checks: 2,
    queries: 0,
    hosts: 1,
    intervalSeconds,
    bakeSeconds: 86_400,
    hostsPort,
  });
  return startPlimsoll(database.url, { PROBE_ALLOW: '127.0.0.0/8', LOG_LEVEL: 'info' }, { hasLimits: true });
}

async function floodOf(server: RunningPlimsoll): Promise<Flood> {
  const port = Number(new URL(server.url).port);
  if (options.as === 'strangers') {
    return { port, path: SLOT, seconds, connections: STRANGERS_CONNECTIONS, perSecond: Number(options.rate) };
  }
  await request(server, 'PUT', `${SLOT}/hosts`, { hosts: [{ name: 'a', url: 'http://127.1.0.1:9' }] });
  const wish = { name: 'flood', role: 'reporter' };
  const { token } = await request<{ token: string }>(server, 'POST', '/v1/tokens', wish);
  const body = { host: 'a', digest: `sha256:${'1'.repeat(64)}` };
  return { port, path: `${SLOT}/observations`, seconds, connections: Number(options.connections), token, body };
}

/** A process each time: what its connections have left in the kernel goes with it. */
async function under(flood: Flood): Promise<FloodReport> {
  const child = fork(join(ROOT, 'ops/bench/flood-load.ts'));
  child.send(flood);
  const [report] = (await once(child, 'message')) as [FloodReport];
  child.kill('SIGKILL');
  return report;
}

async function during(work: () => Promise<void>): Promise<Phase> {
  const from = new Date();
  await work();
  const to = new Date();
  await sleep(PAUSE_MS);
  return { from, to };
}

function tell({ perSecond, statuses }: FloodReport): void {
  const counts = Object.entries(statuses).map(([status, count]) => `${count} × ${status}`);
  console.log(`flood: ${Math.round(perSecond)} requests a second, ${counts.join(', ')}`);
}

async function latenessIn(phases: readonly Phase[]): Promise<{ p99: number; told: string }> {
  const client = new Client({ connectionString: database.url });
  await client.connect();
  const { rows } = await client.query(
    `select count(*)::int as n, count(*) filter (where outcome = 'missed')::int as missed,
            count(*) filter (where outcome not in ('pass', 'missed'))::int as others,
            percentile_cont(array[0.5, 0.99, 1]) within group (order by extract(epoch from measured_at - due_at) * 1000) as late
       from measurements m
      where exists (select from unnest($1::timestamptz[], $2::timestamptz[]) as p (begins, ends)
                     where m.due_at between p.begins and p.ends)`,
    [phases.map(({ from }) => from), phases.map(({ to }) => to)],
  );
  await client.end();
  const [{ n, missed, others, late }] = rows;
  const [p50, p99, max] = late as [number, number, number];
  const told = `lateness p50 ${p50.toFixed(1)} ms, p99 ${p99.toFixed(1)} ms, max ${max.toFixed(1)} ms; ${n} measurements, ${missed} missed, ${others} others than pass`;
  return { p99, told };
}

function sleep(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
