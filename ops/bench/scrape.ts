/**
 * What a scrape of an instance with about 2,000 series takes, beside `GET /livez` on the same port, and how many series
 * an instance has right after its start.
 *
 *   DATABASE_URL=postgres://… node ops/bench/scrape.ts [--series 2000] [--rounds 200]
 *
 * Needs a built server.
 */
import { loadavg } from 'node:os';
import { parseArgs } from 'node:util';
import { machine, ownDatabase, type RunningPlimsoll, startPlimsoll } from './server.ts';

const text = (value: string) => ({ type: 'string', default: value }) as const;
const { values: options } = parseArgs({ options: { series: text('2000'), rounds: text('200') } });
const METHODS = ['GET', 'PUT', 'POST', 'PATCH', 'DELETE'];

const database = await ownDatabase('bench_scrape');
try {
  const server = await startPlimsoll(database.url, { LOG_LEVEL: 'warn' });
  const atFirst = await seriesOf(server);
  await askEverything(server, Number(options.series));
  const series = await seriesOf(server);
  const [scrapes, looks]: [number[], number[]] = [[], []];
  for (let n = 0; n < Number(options.rounds); n += 1) {
    scrapes.push(await timed(`${server.opsUrl}/metrics`));
    looks.push(await timed(`${server.opsUrl}/livez`));
  }
  console.log(`${machine()}, load ${loadavg()[0]?.toFixed(1)}`);
  console.log(`${atFirst} series at first (goal 2000), ${series} after a request to every route`);
  console.log(`a scrape: ${spread(scrapes)} (goal 20); GET /livez: ${spread(looks)}`);
  server.process.kill('SIGKILL');
} finally {
  await database.drop();
}
process.exit(0);

async function seriesOf({ opsUrl }: RunningPlimsoll): Promise<number> {
  const answer = await fetch(`${opsUrl}/metrics`);
  return (await answer.text()).split('\n').filter((line) => line !== '' && !line.startsWith('#')).length;
}

/** By every method and with and without a token: each route, method and status is a histogram of its own. */
async function askEverything(server: RunningPlimsoll, series: number): Promise<void> {
  const { paths } = (await (await fetch(`${server.url}/openapi.json`)).json()) as { paths: object };
  for (const headers of [{}, { authorization: `Bearer ${server.token}` }]) {
    for (const path of Object.keys(paths).filter((name) => !name.includes('stream') && name !== '/v1/events')) {
      for (const method of METHODS) await (await fetch(server.url + path, { method, headers })).text();
      if ((await seriesOf(server)) >= series) return;
    }
  }
}

async function timed(url: string): Promise<number> {
  const startedAt = performance.now();
  await (await fetch(url)).text();
  return performance.now() - startedAt;
}

function spread(values: number[]): string {
  const sorted = values.toSorted((one, other) => one - other);
  const at = (part: number) => (sorted[Math.floor(part * (sorted.length - 1))] ?? Number.NaN).toFixed(1);
  return `p50 ${at(0.5)} ms, p99 ${at(0.99)} ms`;
}
