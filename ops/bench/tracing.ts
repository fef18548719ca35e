/**
 * What tracing costs a small route: throughput, CPU time of the main thread and memory with tracing on, beside the same
 * server with tracing off, in one run; and what loading it costs a start.
 *
 *   node ops/bench/tracing.ts [--starts 3] [--rounds 12] [--ms 400] [--warm 4000]
 *
 * Needs a built server, and no database. The servers are loaded by turns, in random order, and write their request log
 * into a pipe that is read. The collector takes what it is sent, and is another process on the same machine.
 */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { measure, memoryOf, type Round, type Server, startServer, stop } from './overhead-servers.ts';
import { freePort, machine, ROOT } from './server.ts';

const text = (value: string) => ({ type: 'string', default: value }) as const;
const { values: options } = parseArgs({
  options: { starts: text('3'), rounds: text('12'), ms: text('400'), warm: text('4000') },
});

const collectorPort = await freePort();
const endpoint = { OTEL_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:${collectorPort}` };
const settingsOf = {
  off: {},
  'recording nothing': { ...endpoint, OTEL_TRACES_SAMPLER_ARG: '0' },
  'recording 10 %': { ...endpoint, OTEL_TRACES_SAMPLER_ARG: '0.1' },
  'recording everything': { ...endpoint, OTEL_TRACES_SAMPLER_ARG: '1' },
  'recording 10 %, no collector': {
    ...endpoint,
    OTEL_TRACES_SAMPLER_ARG: '0.1',
    OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:1',
  },
} as const;
type Variant = keyof typeof settingsOf;
const variants = Object.keys(settingsOf) as Variant[];

const rounds: Array<Record<Variant, Round>> = [];
const memories: Array<Record<Variant, number>> = [];
const collector = startCollector();
for (let n = 0; n < Number(options.starts); n += 1) await measureStart();
collector.kill('SIGKILL');
report();
process.exit();

async function measureStart(): Promise<void> {
  const servers: Array<readonly [Variant, Server]> = [];
  for (const variant of variants) servers.push([variant, await startServer('request log', settingsOf[variant])]);
  for (const [, server] of servers) await measure(server, Number(options.warm));
  for (let n = 0; n < Number(options.rounds); n += 1) {
    rounds.push(await byTurns(servers, (server) => measure(server, Number(options.ms))));
  }
  const used = servers.map(
    async ([variant, server]) => [variant, (await memoryOf(server))['rss'] ?? Number.NaN] as const,
  );
  memories.push(Object.fromEntries(await Promise.all(used)) as Record<Variant, number>);
  for (const [, server] of servers) await stop(server);
}

async function byTurns<Value>(
  servers: ReadonlyArray<readonly [Variant, Server]>,
  get: (server: Server) => Promise<Value>,
): Promise<Record<Variant, Value>> {
  const shuffled = servers.map((one) => ({ one, at: Math.random() })).sort((a, b) => a.at - b.at);
  const values: Array<[Variant, Value]> = [];
  for (const { one } of shuffled) values.push([one[0], await get(one[1])]);
  return Object.fromEntries(values) as Record<Variant, Value>;
}

function startCollector(): ChildProcess {
  const program = `require('node:http').createServer((request, response) =>
    request.resume().on('end', () => response.end())).listen(${collectorPort}, '127.0.0.1')`;
  return spawn(process.execPath, ['-e', program], { stdio: 'ignore' });
}

function report(): void {
  console.log(`${options.starts} starts × ${options.rounds} rounds of ${options.ms} ms; ${machine()}`);
  console.log('share of tracing off, medians (quartiles)\n');
  for (const variant of variants) {
    const share = (get: (round: Round) => number) =>
      spread(
        rounds.map((round) => get(round[variant]) / get(round.off)),
        3,
      );
    const cpu = spread(
      rounds.map((round) => round[variant].threadMicroseconds),
      1,
    );
    const more = spread(
      memories.map((memory) => memory[variant] - memory.off),
      1,
    );
    console.log(`${variant}\n  throughput ${share((round) => round.requestsPerSecond)}`);
    console.log(`  by CPU time ${share((round) => 1 / round.threadMicroseconds)}, ${cpu} µs of the main thread`);
    console.log(`  RSS after the load, more than off: ${more} MB`);
  }
  const loads = Array.from({ length: 7 }, load);
  const of = (name: 'ms' | 'MB') =>
    spread(
      loads.map((one) => one[name]),
      1,
    );
  console.log(`\nloading it: ${of('ms')} ms, ${of('MB')} MB`);
}

/** In a process of its own, in which what the server has loaded before it is loaded too. */
function load(): { ms: number; MB: number } {
  const program = `await import('prom-client'); globalThis.gc();
    const before = { at: performance.now(), rss: process.memoryUsage().rss };
    await Promise.all([import(${built('span-export.js')}), import(${built('spans.js')})]);
    const ms = performance.now() - before.at; globalThis.gc();
    console.log(JSON.stringify({ ms, MB: (process.memoryUsage().rss - before.rss) / 1e6 }));`;
  const args = ['--expose-gc', '--input-type=module', '-e', program];
  return JSON.parse(execFileSync(process.execPath, args, { cwd: ROOT, encoding: 'utf8' })) as {
    ms: number;
    MB: number;
  };
}

function built(name: string): string {
  return JSON.stringify(join(ROOT, 'dist/operations/tracing', name));
}

function spread(values: number[], digits: number): string {
  const sorted = values.toSorted((a, b) => a - b);
  const at = (share: number) => (sorted[Math.floor(share * (sorted.length - 1))] ?? Number.NaN).toFixed(digits);
  return `${at(0.5)} (${at(0.25)}–${at(0.75)})`;
}
