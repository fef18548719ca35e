/**
 * What GETs of one slot, of one verdict and of many verdicts cost beside a bare Fastify route with the same single indexed statement:
 * requests a second as a share of that route's, and CPU time a request of that route as a share of ours, interleaved in
 * one run, the median of the rounds. Where others use the machine too, the CPU time is what to compare.
 *
 *   DATABASE_URL=postgres://… node ops/bench/reads.ts [--rounds 5] [--seconds 4]
 *
 * Needs Linux, `wrk` and a built server.
 */
import { type ChildProcess, execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
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
  /** What is asked in turn. */
  readonly paths: readonly string[];
  /** The route of the bare server. */
  readonly bare: string;
  readonly text: string;
  readonly values: string[];
}

const DEPLOYMENTS = 50;
const scriptFile = join(tmpdir(), `plimsoll-reads-${process.pid}.lua`);

interface Bare {
  readonly url: string;
  readonly process: ChildProcess;
}

interface Measured {
  readonly perSecond: number;
  readonly cpuMicros: number;
}

const database = await ownDatabase('bench_reads');
try {
  const plimsoll = await startPlimsoll(database.url, { LOG_LEVEL: 'info' });
  const subjects = await prepare(plimsoll);
  const bare = await startBare(database.url, subjects);
  console.log(machine());
  for (const subject of subjects) await compare(subject, plimsoll, bare);
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
  const ids: string[] = [];
  for (let n = 0; n < DEPLOYMENTS; n += 1) ids.push(await ship(server, n));
  const verdicts = ids.map((id) => `/v1/deployments/${id}/verdict`);
  const verdict = {
    bare: 'verdict',
    text: await statement('deployments.reader.js', 'VERDICT_QUERY'),
    values: ids.slice(-1),
  };
  return [
    {
      name: 'one slot',
      bare: 'slot',
      paths: [slot],
      text: await statement('slots/slots.reader.js', 'SLOT_QUERY'),
      values: ['checkout', 'production'],
    },
    { name: 'one verdict', paths: verdicts.slice(-1), ...verdict },
    { name: `${DEPLOYMENTS} verdicts in turn`, paths: verdicts, ...verdict },
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

async function startBare(databaseUrl: string, subjects: Subject[]): Promise<Bare> {
  const port = await freePort();
  const statements = Object.fromEntries(subjects.map(({ bare, text, values }) => [bare, { text, values }]));
  const child = start(['ops/bench/bare-fastify.ts'], {
    PORT: String(port),
    DATABASE_URL: databaseUrl,
    STATEMENTS: JSON.stringify(statements),
  });
  const url = `http://127.0.0.1:${port}`;
  await answering(`${url}/${subjects[0]?.bare}`);
  return { url, process: child };
}

async function compare(subject: Subject, plimsoll: RunningPlimsoll, bare: Bare): Promise<void> {
  const rounds: { ours: Measured; base: Measured }[] = [];
  const measureBare = () => measure(bare.process, bare.url, [`/${subject.bare}`]);
  const measureOurs = () => measure(plimsoll.process, plimsoll.url, subject.paths, plimsoll.token);
  await measureOurs();
  await measureBare();
  for (let round = 0; round < Number(options.rounds); round += 1) {
    rounds.push({ base: await measureBare(), ours: await measureOurs() });
  }
  const rates = rounds.map(({ ours, base }) => `${Math.round(ours.perSecond)}/${Math.round(base.perSecond)}`).join(' ');
  const costs = rounds.map(({ ours, base }) => `${Math.round(ours.cpuMicros)}/${Math.round(base.cpuMicros)}`).join(' ');
  const rate = median(rounds.map(({ ours, base }) => ours.perSecond / base.perSecond));
  const cost = median(rounds.map(({ ours, base }) => base.cpuMicros / ours.cpuMicros));
  console.log(`${subject.name}: ${rate.toFixed(2)} of a bare Fastify route by requests a second (${rates}),`);
  console.log(`  ${cost.toFixed(2)} by CPU time (µs a request: ${costs})`);
}

async function measure({ pid }: ChildProcess, url: string, paths: readonly string[], token = ''): Promise<Measured> {
  await writeFile(scriptFile, scriptOf(paths));
  const header = `Authorization: Bearer ${token}`;
  const args = ['-t1', '-c32', `-d${options.seconds}s`, '-H', header, '-s', scriptFile, url];
  const before = cpuMicrosOf(pid);
  const { stdout } = await promisify(execFile)('wrk', args);
  const cpuMicros = (cpuMicrosOf(pid) - before) / Number(/(\d+) requests in/.exec(stdout)?.[1]);
  if (stdout.includes('Non-2xx')) throw new Error(`${url} did not answer 200 every time:\n${stdout}`);
  return { perSecond: Number(/Requests\/sec:\s+([\d.]+)/.exec(stdout)?.[1]), cpuMicros };
}

function scriptOf(paths: readonly string[]): string {
  return `local paths = { ${paths.map((path) => `"${path}"`).join(', ')} }
local n = 0
request = function()
  n = n + 1
  return wrk.format("GET", paths[n % #paths + 1])
end`;
}

/** User and system time of a process so far, in the kernel's ticks of 10 ms. */
function cpuMicrosOf(pid: number | undefined): number {
  const [, fields = ''] = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ');
  const [user, system] = fields.split(' ').slice(11, 13);
  return (Number(user) + Number(system)) * 10_000;
}

function median(values: number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}
