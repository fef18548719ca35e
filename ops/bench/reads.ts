/**
 * What a GET of a slot and of a verdict costs beside a bare Fastify route with the same single indexed statement:
 * requests a second as a share of that route's, interleaved in one run, the median of the rounds.
 *
 *   DATABASE_URL=postgres://… node ops/bench/reads.ts [--rounds 5] [--seconds 4]
 *
 * Needs `wrk` and a built server.
 */
import { type ChildProcess, execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { parseArgs, promisify } from 'node:util';
import {
  answering,
  freePort,
  machine,
  ownDatabase,
  request,
  ROOT,
  type RunningPlimsoll,
  start,
  startPlimsoll,
} from './server.ts';

const { values: options } = parseArgs({
  options: { rounds: { type: 'string', default: '5' }, seconds: { type: 'string', default: '4' } },
});

interface Subject {
  readonly name: string;
  readonly path: string;
  readonly text: string;
  readonly values: string[];
}

const database = await ownDatabase('bench_reads');
try {
  const plimsoll = await startPlimsoll(database.url, { LOG_LEVEL: 'info' });
  const subjects = await prepare(plimsoll);
  const bare = await startBare(database.url, subjects);
  console.log(machine());
  for (const subject of subjects) await compare(subject, plimsoll, bare.url);
  for (const { process: child } of [plimsoll, bare]) child.kill('SIGKILL');
} finally {
  await database.drop();
}
process.exit();

/** A slot with a history, and a deployment with a verdict. */
async function prepare(server: RunningPlimsoll): Promise<Subject[]> {
  const slot = '/v1/services/checkout/environments/production';
  await request(server, 'PUT', '/v1/environments/production', { tier: 'production' });
  await request(server, 'PUT', '/v1/services/checkout', {});
  await request(server, 'PUT', `${slot}/hosts`, { hosts: [{ name: 'a', url: 'http://127.0.0.1:9' }] });
  await request(server, 'PUT', `${slot}/gate`, { ungated: 'a benchmark' });
  let id = '';
  for (let n = 0; n < 50; n += 1) id = await ship(server, n);
  return [
    {
      name: 'slot',
      path: slot,
      text: await statement('slots/slots.reader.js', 'SLOT_QUERY'),
      values: ['checkout', 'production'],
    },
    {
      name: 'verdict',
      path: `/v1/deployments/${id}/verdict`,
      text: await statement('deployments.reader.js', 'VERDICT_QUERY'),
      values: [id],
    },
  ];
}

/** The statement as the built server has it. */
async function statement(module: string, name: string): Promise<string> {
  const exported = (await import(join(ROOT, 'dist/delivery/deployments', module))) as Record<string, string>;
  return exported[name] ?? '';
}

async function ship(server: RunningPlimsoll, n: number): Promise<string> {
  const digest = `sha256:${createHash('sha256').update(String(n)).digest('hex')}`;
  const release = { version: `1.0.${n}`, gitSha: createHash('sha1').update(String(n)).digest('hex') };
  await request(server, 'PUT', `/v1/services/checkout/releases/${digest}`, release);
  const wish = { service: 'checkout', environment: 'production', digest };
  const { id, fence } = await request<{ id: string; fence: number }>(server, 'POST', '/v1/deployments', wish);
  await request(server, 'POST', `/v1/deployments/${id}/deployed`, { fence });
  return id;
}

async function startBare(databaseUrl: string, subjects: Subject[]): Promise<{ url: string; process: ChildProcess }> {
  const port = await freePort();
  const statements = Object.fromEntries(subjects.map(({ name, text, values }) => [name, { text, values }]));
  const child = start(['ops/bench/bare-fastify.ts'], {
    PORT: String(port),
    DATABASE_URL: databaseUrl,
    STATEMENTS: JSON.stringify(statements),
  });
  const url = `http://127.0.0.1:${port}`;
  await answering(`${url}/${subjects[0]?.name}`);
  return { url, process: child };
}

async function compare(subject: Subject, plimsoll: RunningPlimsoll, bare: string): Promise<void> {
  const shares: number[] = [];
  const rates: [number, number][] = [];
  await measure(plimsoll.url + subject.path, plimsoll.token);
  await measure(`${bare}/${subject.name}`);
  for (let round = 0; round < Number(options.rounds); round += 1) {
    const base = await measure(`${bare}/${subject.name}`);
    const ours = await measure(plimsoll.url + subject.path, plimsoll.token);
    rates.push([ours, base]);
    shares.push(ours / base);
  }
  const rounds = rates.map(([ours, base]) => `${Math.round(ours)}/${Math.round(base)}`).join(' ');
  console.log(`${subject.name}: ${median(shares).toFixed(2)} of a bare Fastify route (requests a second: ${rounds})`);
}

async function measure(url: string, token = ''): Promise<number> {
  const header = `Authorization: Bearer ${token}`;
  const args = ['-t1', '-c32', `-d${options.seconds}s`, '-H', header, url];
  const { stdout } = await promisify(execFile)('wrk', args);
  if (stdout.includes('Non-2xx')) throw new Error(`${url} did not answer 200 every time:\n${stdout}`);
  return Number(/Requests\/sec:\s+([\d.]+)/.exec(stdout)?.[1]);
}

function median(values: number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}
