/**
 * Many gates at once on one instance: how late its measurements are, how long its event loop is held up, what it costs.
 *
 *   DATABASE_URL=postgres://… node ops/bench/gates.ts [--gates 5000] [--checks 2] [--queries 0] [--query-ms 20] [--hosts 1] [--interval 15] [--minutes 10] [--bake 1440] [--profile DIRECTORY]
 *
 * So many of the checks as `--queries` says ask Prometheus, once for all hosts, with twice the interval; each query takes
 * `--query-ms`. Needs a built server. The hosts are a process of their own, on loopback; the gates are put straight into the database.
 * With a bake (in minutes) shorter than the run all gates conclude in it; a CPU profile goes into the directory.
 */
import { readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { Client } from 'pg';
import { seedGates } from './gates-seed.ts';
import {
  answering,
  freePort,
  machine,
  ownDatabase,
  ROOT,
  run,
  type RunningPlimsoll,
  start,
  startPlimsoll,
} from './server.ts';

const text = (value: string) => ({ type: 'string', default: value }) as const;
const { values: options } = parseArgs({
  options: {
    gates: text('5000'),
    checks: text('2'),
    queries: text('0'),
    'query-ms': text('20'),
    hosts: text('1'),
    interval: text('15'),
    minutes: text('10'),
    bake: text('1440'),
    profile: { type: 'string' },
  },
});
const [gates, checks, queries, hosts, interval, minutes, bake] = [
  Number(options.gates),
  Number(options.checks),
  Number(options.queries),
  Number(options.hosts),
  Number(options.interval),
  Number(options.minutes),
  Number(options.bake),
];
const loopDelayFile = join(tmpdir(), `plimsoll-loop-delay-${process.pid}.json`);

/** Restoring the runs and warming up are measured by other means. */
const SETTLE_MS = 20_000;
const SAMPLE_EVERY_MS = 10_000;

interface Sample {
  readonly rss: number;
  readonly heap: number;
  readonly cpuSeconds: number;
}

const database = await ownDatabase('bench_gates');
try {
  await run(['dist/migrate.js', 'up'], { APP_ENV: 'development', DATABASE_URL: database.url });
  const hostsPort = await freePort();
  start(['ops/bench/gates-hosts.ts'], { PORT: String(hostsPort), QUERY_MS: options['query-ms'] });
  await answering(`http://127.0.0.1:${hostsPort}/`);
  await seedGates(database.url, {
    gates,
    checks,
    queries,
    hosts,
    intervalSeconds: interval,
    bakeSeconds: bake * 60,
    hostsPort,
  });
  const server = await startPlimsoll(database.url, {
    PROBE_ALLOW: '127.0.0.0/8',
    PROMETHEUS_URL: `http://127.0.0.1:${hostsPort}`,
    LOG_LEVEL: 'warn',
    SHUTDOWN_DELAY_MS: '0',
    NODE_OPTIONS: [
      `--import ${join(ROOT, 'ops/bench/loop-delay.mjs')}`,
      options.profile === undefined ? '' : `--cpu-prof --cpu-prof-dir ${options.profile}`,
    ].join(' '),
    LOOP_DELAY_FILE: loopDelayFile,
  });
  await report(server);
  const stopped = new Promise((resolve) => server.process.once('exit', resolve));
  server.process.kill('SIGTERM');
  await stopped;
} finally {
  await database.drop();
}
process.exit();

async function report(server: RunningPlimsoll): Promise<void> {
  console.log(
    `${gates} gates, ${checks} checks each, ${queries} of them queries of ${options['query-ms']} ms, on ${hosts} hosts, every ${interval} s, ${minutes} min; ${machine()}`,
  );
  await sleep(SETTLE_MS);
  await loopDelay(server);
  const startedAt = new Date();
  const first = await sample(server);
  const samples = [first];
  while (Date.now() - startedAt.getTime() < minutes * 60_000) {
    await sleep(SAMPLE_EVERY_MS);
    samples.push(await sample(server));
  }
  const seconds = (Date.now() - startedAt.getTime()) / 1000;
  const last = samples.at(-1) ?? first;
  const delay = await loopDelay(server);
  console.log(
    `event-loop delay: p50 ${delay.p50.toFixed(1)} ms, p99 ${delay.p99.toFixed(1)} ms, max ${delay.max.toFixed(1)} ms`,
  );
  console.log(`server CPU: ${(((last.cpuSeconds - first.cpuSeconds) / seconds) * 100).toFixed(0)} % of a core`);
  console.log(`memory at the start: ${megabytes(first)}; at the end: ${megabytes(last)}`);
  console.log(
    `RSS every minute: ${samples
      .filter((_, index) => index % 6 === 0)
      .map(({ rss }) => Math.round(rss / 2 ** 20))
      .join(' ')} MiB`,
  );
  await reportMeasurements(startedAt, seconds);
}

async function reportMeasurements(since: Date, seconds: number): Promise<void> {
  const client = new Client({ connectionString: database.url });
  await client.connect();
  const { rows: kinds } = await client.query(
    `select case when check_name like 'query-%' then 'queries' else 'probes' end as kind, count(*)::int as n,
            count(*) filter (where outcome = 'missed')::int as missed,
            count(*) filter (where outcome not in ('pass', 'missed'))::int as others,
            percentile_cont(array[0.5, 0.99, 1]) within group (order by extract(epoch from measured_at - due_at) * 1000) as late
       from measurements where due_at >= $1 group by 1 order by 1`,
    [since],
  );
  const { rows: verdicts } = await client.query(
    `select coalesce(verdict, 'running') as verdict, count(*)::int as n,
            max(extract(epoch from ended_at - bake_ends_at))::float8 as late from gate_runs group by 1`,
  );
  await client.end();
  for (const { kind, n, missed, others, late } of kinds) {
    const [p50, p99, max] = (late as number[]).map((ms) => ms.toFixed(1));
    console.log(
      `${kind} stored: ${n} (${Math.round(n / seconds)} a second), ${missed} missed, ${others} others than pass; lateness: p50 ${p50} ms, p99 ${p99} ms, max ${max} ms`,
    );
  }
  for (const { verdict, n, late } of verdicts)
    console.log(`${verdict}: ${n}${late === null ? '' : `, the last ${late.toFixed(1)} s after its bake`}`);
}

async function sample({ opsUrl }: RunningPlimsoll): Promise<Sample> {
  const metrics = await (await fetch(`${opsUrl}/metrics`)).text();
  const valueOf = (name: string) => Number(new RegExp(`^${name} (\\S+)`, 'm').exec(metrics)?.[1]);
  return {
    rss: valueOf('process_resident_memory_bytes'),
    heap: valueOf('nodejs_heap_size_used_bytes'),
    cpuSeconds: valueOf('process_cpu_seconds_total'),
  };
}

async function loopDelay({ process: { pid } }: RunningPlimsoll): Promise<{ p50: number; p99: number; max: number }> {
  if (pid !== undefined) process.kill(pid, 'SIGUSR2');
  await sleep(500);
  return JSON.parse(readFileSync(loopDelayFile, 'utf8'));
}

function megabytes({ rss, heap }: Sample): string {
  return `RSS ${Math.round(rss / 2 ** 20)} MiB, heap ${Math.round(heap / 2 ** 20)} MiB`;
}

function sleep(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
