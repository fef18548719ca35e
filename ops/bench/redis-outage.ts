/**
 * What an outage of Redis adds to a request that needs the tier of the cache that instances share: every read is of a
 * deployment whose release nobody has at hand. Phases in turn: Redis there, stopped (SIGSTOP: it takes questions and
 * answers none), there again, killed, back. The goal is 100 ms more at the 99th percentile, and no failure. How many of
 * the reads asked Redis at all, and how long these waited, is counted too: that does not depend on what else runs.
 *
 *   DATABASE_URL=postgres://… node ops/bench/redis-outage.ts [--rounds 3] [--seconds 8] [--rate 200]
 *
 * Needs `redis-server` and a built server.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { Client } from 'pg';
import { freePort, machine, ownDatabase, request, type RunningPlimsoll, startPlimsoll } from './server.ts';

const { values: options } = parseArgs({
  options: {
    rounds: { type: 'string', default: '3' },
    seconds: { type: 'string', default: '8' },
    rate: { type: 'string', default: '200' },
  },
});
const [rounds, seconds, rate] = [Number(options.rounds), Number(options.seconds), Number(options.rate)];
const phases = ['there', 'stopped', 'there again', 'killed', 'back'] as const;

const redisPort = await freePort();
let redis = await startRedis();
const took = new Map<string, number[]>(phases.map((phase) => [phase, []]));
/** Reads that asked Redis, and the seconds that they waited for it. */
const asked = new Map<string, { count: number; seconds: number }>();
/** Deployments whose release the server has not at hand. */
const unread: string[] = [];
let failures = 0;

const turns: Partial<Record<(typeof phases)[number], () => Promise<void>>> = {
  stopped: async () => void redis.kill('SIGSTOP'),
  'there again': async () => {
    redis.kill('SIGCONT');
    await untilReconnected();
  },
  killed: async () => {
    redis.kill('SIGKILL');
    await once(redis, 'exit');
  },
  back: async () => {
    redis = await startRedis();
    await untilReconnected();
  },
};

const database = await ownDatabase('bench_redis');
const plimsoll = await startPlimsoll(database.url, { REDIS_URL: `redis://127.0.0.1:${redisPort}`, LOG_LEVEL: 'info' });
try {
  const spares = 300 * rounds;
  unread.push(...(await prepare(plimsoll, rounds * phases.length * seconds * rate + rate + spares)));
  for (let n = 0; n < rate; n += 1) await read(unread.pop());
  for (let round = 0; round < rounds; round += 1) {
    for (const phase of phases) {
      await turns[phase]?.();
      const before = await askedSoFar();
      took.get(phase)?.push(...(await readAtRate()));
      const after = await askedSoFar();
      const { count, seconds: waited } = asked.get(phase) ?? { count: 0, seconds: 0 };
      asked.set(phase, {
        count: count + after.count - before.count,
        seconds: waited + after.seconds - before.seconds,
      });
    }
  }
  report();
} finally {
  for (const child of [plimsoll.process, redis]) child.kill('SIGKILL');
  await database.drop();
}
process.exit(failures === 0 ? 0 : 1);

async function startRedis(): Promise<ChildProcess> {
  const settings = ['--port', String(redisPort), '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no'];
  const child = spawn('redis-server', settings, { stdio: 'ignore', cwd: '/tmp' });
  process.once('exit', () => child.kill('SIGKILL'));
  await once(child, 'spawn');
  return child;
}

async function askedSoFar(): Promise<{ count: number; seconds: number }> {
  const metrics = await (await fetch(`${plimsoll.opsUrl}/metrics`)).text();
  const [sum = 0, count = 0] = ['sum', 'count'].map((part) =>
    Number(
      metrics.split(`cache_operation_duration_seconds_${part}{cache="releases",op="shared_get"} `)[1]?.split('\n')[0] ??
        0,
    ),
  );
  return { count, seconds: sum };
}

async function untilReconnected(): Promise<void> {
  for (;;) {
    const metrics = await (await fetch(`${plimsoll.opsUrl}/metrics`)).text();
    if (metrics.includes('redis_connection_state 1') && metrics.includes('circuit_breaker_state{peer="redis"} 0'))
      return;
    // A circuit closes when somebody asks.
    await read(unread.pop());
    await delay(100);
  }
}

/** The ids of as many deployments, each of a release of its own: copies of one that was made in the ordinary way. */
async function prepare(server: RunningPlimsoll, count: number): Promise<string[]> {
  const slot = '/v1/services/checkout/environments/production';
  const digest = `sha256:${createHash('sha256').update('one').digest('hex')}`;
  await request(server, 'PUT', '/v1/environments/production', { tier: 'production' });
  await request(server, 'PUT', '/v1/services/checkout', {});
  await request(server, 'PUT', `${slot}/gate`, { ungated: 'a benchmark' });
  const release = { version: '1.0.0', gitSha: createHash('sha1').update('one').digest('hex') };
  await request(server, 'PUT', `/v1/services/checkout/releases/${digest}`, release);
  const wish = { service: 'checkout', environment: 'production', digest };
  const { id, fence } = await request<{ id: string; fence: number }>(server, 'POST', '/v1/deployments', wish);
  await request(server, 'POST', `/v1/deployments/${id}/deployed`, { fence });
  return copies(id, count);
}

async function copies(id: string, count: number): Promise<string[]> {
  const client = new Client({ connectionString: database.url });
  await client.connect();
  try {
    const { rows } = await client.query<{ id: string }>(
      `with copied as (
         insert into releases select release.* from releases original, generate_series(1, $2) n, jsonb_populate_record(
           original, jsonb_build_object('id', gen_random_uuid(), 'digest', 'sha256:' || md5(n::text) || md5(n::text))
         ) release returning id),
       numbered as (select id, row_number() over () + 1 as n from copied)
       insert into deployments select deployment.* from deployments original, numbered, jsonb_populate_record(
         original, jsonb_build_object('id', gen_random_uuid(), 'release_id', numbered.id, 'sequence', numbered.n, 'fence', numbered.n)
       ) deployment where original.id = $1 returning id`,
      [id, count],
    );
    return rows.map((row) => row.id);
  } finally {
    await client.end();
  }
}

/** As many reads as the rate wants, each in its time whether those before it are answered or not; how long each took. */
async function readAtRate(): Promise<number[]> {
  const beganAt = performance.now();
  const reads: Array<Promise<number>> = [];
  for (let n = 0; n < seconds * rate; n += 1) {
    await delay(Math.max(0, beganAt + (n * 1000) / rate - performance.now()));
    reads.push(read(unread.pop()));
  }
  return Promise.all(reads);
}

async function read(id: string | undefined): Promise<number> {
  const startedAt = performance.now();
  const headers = { authorization: `Bearer ${plimsoll.token}` };
  const isRight = await fetch(`${plimsoll.url}/v1/deployments/${id}`, { headers })
    .then(async (response) => response.ok && ((await response.json()) as { id: string }).id === id)
    .catch(() => false);
  if (!isRight) failures += 1;
  return performance.now() - startedAt;
}

function report(): void {
  console.log(machine());
  const usual = took.get('there') ?? [];
  for (const [phase, durations] of took) {
    const [p50, p99] = [quantile(durations, 0.5), quantile(durations, 0.99)];
    const added = p99 - quantile(usual, 0.99);
    const figures = `p50 ${p50.toFixed(1)} ms, p99 ${p99.toFixed(1)} ms (${added.toFixed(1)} added), max ${Math.max(...durations).toFixed(1)} ms`;
    const { count, seconds: waited } = asked.get(phase) ?? { count: 0, seconds: 0 };
    const each = count === 0 ? 0 : (waited * 1000) / count;
    console.log(
      `${phase.padEnd(12)} ${figures}; ${count} of ${durations.length} asked Redis, ${each.toFixed(1)} ms each`,
    );
  }
  console.log(`${failures} failed (goal 0); goal 100 ms added at p99`);
}

function quantile(durations: readonly number[], share: number): number {
  return durations.toSorted((a, b) => a - b)[Math.floor(durations.length * share)] ?? Number.NaN;
}
