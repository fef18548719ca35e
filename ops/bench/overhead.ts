/**
 * What operations costs a small route: throughput, CPU time a request and memory beside bare Nest on Fastify, without
 * the request log and with it.
 *
 *   node ops/bench/overhead.ts [--starts 5] [--rounds 12] [--ms 400] [--warm 4000] [--aged]
 *
 * Needs a built server, and no database. The servers are loaded by turns, in random order, many times for a short
 * while. Where others use the machine too, the CPU time of the main thread says more than the throughput, which it
 * bounds. With `--aged` all servers have collected garbage while idle before they are loaded, as in any that run for
 * long: Node itself is slower then.
 */
import { parseArgs } from 'node:util';
import { machine } from './server.ts';
import {
  collectGarbage,
  type Kind,
  kinds,
  measure,
  memoryOf,
  type Round,
  type Server,
  startServer,
  stop,
} from './overhead-servers.ts';

const text = (value: string) => ({ type: 'string', default: value }) as const;
const { values: options } = parseArgs({
  options: {
    starts: text('5'),
    rounds: text('12'),
    ms: text('400'),
    warm: text('4000'),
    aged: { type: 'boolean', default: false },
  },
});

type Each<Value> = Record<Kind, Value>;
const rounds: Array<Each<Round>> = [];
const memories: Array<Each<Record<string, number>>> = [];
for (let n = 0; n < Number(options.starts); n += 1) await measureStart();
console.log(`${options.starts} starts × ${options.rounds} rounds of ${options.ms} ms; ${machine()}`);
console.log('medians (quartiles)');
reportSpeed();
reportMemory();
process.exit();

async function measureStart(): Promise<void> {
  const servers = await Promise.all(kinds.map((kind) => startServer(kind)));
  if (options.aged) await each(servers, collectGarbage);
  for (const server of servers) await measure(server, Number(options.warm));
  for (let n = 0; n < Number(options.rounds); n += 1) {
    rounds.push(await each(shuffled(servers), (server) => measure(server, Number(options.ms))));
  }
  const used = await Promise.all(servers.map(async (server) => [server.kind, await memoryOf(server)] as const));
  memories.push(Object.fromEntries(used) as Each<Record<string, number>>);
  await each(servers, stop);
}

async function each<Value>(servers: Server[], get: (server: Server) => Promise<Value>): Promise<Each<Value>> {
  const values: Array<[Kind, Value]> = [];
  for (const server of servers) values.push([server.kind, await get(server)]);
  return Object.fromEntries(values) as Each<Value>;
}

function reportSpeed(): void {
  for (const kind of kinds) {
    const of = (get: (round: Round) => number) => rounds.map((round) => get(round[kind]));
    const share = (get: (round: Round) => number) => rounds.map((round) => get(round[kind]) / get(round.bare));
    console.log(`\n${kind}`);
    console.log(
      `  requests a second    ${spread(
        of((round) => round.requestsPerSecond),
        0,
      )}`,
    );
    console.log(
      `  CPU µs a request     ${spread(
        of((round) => round.threadMicroseconds),
        1,
      )} main thread`,
    );
    console.log(
      `                       ${spread(
        of((round) => round.processMicroseconds),
        1,
      )} process`,
    );
    if (kind === 'bare') continue;
    console.log(
      `  share of throughput  ${spread(
        share((round) => round.requestsPerSecond),
        3,
      )}`,
    );
    console.log(
      `  by CPU time          ${spread(
        share((round) => 1 / round.threadMicroseconds),
        3,
      )} main thread`,
    );
    console.log(
      `                       ${spread(
        share((round) => 1 / round.processMicroseconds),
        3,
      )} process`,
    );
  }
}

function reportMemory(): void {
  console.log('\nMB at rest after the load, garbage collected');
  for (const name of Object.keys(memories[0]?.bare ?? {})) {
    const of = (kind: Kind) => memories.map((memory) => memory[kind][name] ?? Number.NaN);
    const more = memories.map((memory) => (memory['request log'][name] ?? 0) - (memory.bare[name] ?? 0));
    console.log(
      `  ${name.padEnd(14)} bare ${spread(of('bare'), 1)}, all ${spread(of('request log'), 1)}, more ${spread(more, 1)}`,
    );
  }
}

function spread(values: number[], digits: number): string {
  const sorted = values.toSorted((a, b) => a - b);
  const at = (share: number) => (sorted[Math.floor(share * (sorted.length - 1))] ?? Number.NaN).toFixed(digits);
  return `${at(0.5)} (${at(0.25)}–${at(0.75)})`;
}

function shuffled<Item>(items: readonly Item[]): Item[] {
  return items
    .map((item) => ({ item, at: Math.random() }))
    .sort((a, b) => a.at - b.at)
    .map(({ item }) => item);
}
