/**
 * How long the built server takes from its start to `/livez` and to `/readyz` on a warm database: the median of the runs.
 *
 *   DATABASE_URL=postgres://… node ops/bench/start.ts [--runs 7]
 */
import { once } from 'node:events';
import { parseArgs } from 'node:util';
import { answering, freePort, machine, ownDatabase, run, start } from './server.ts';

const { values: options } = parseArgs({ options: { runs: { type: 'string', default: '7' } } });

const database = await ownDatabase('bench_start');
try {
  await run(['dist/migrate.js', 'up'], { DATABASE_URL: database.url });
  // The first one fills the compile cache.
  await measure();
  const runs: Array<{ livezMs: number; readyzMs: number }> = [];
  for (let n = 0; n < Number(options.runs); n += 1) runs.push(await measure());
  console.log(machine());
  console.log(`/livez ${median(runs.map(({ livezMs }) => livezMs))} ms (goal 300)`);
  console.log(`/readyz ${median(runs.map(({ readyzMs }) => readyzMs))} ms (goal 1500)`);
} finally {
  await database.drop();
}

async function measure(): Promise<{ livezMs: number; readyzMs: number }> {
  const [port, opsPort] = [await freePort(), await freePort()];
  const startedAt = performance.now();
  const child = start(['dist/main.js'], {
    PORT: String(port),
    OPS_PORT: String(opsPort),
    DATABASE_URL: database.url,
    SHUTDOWN_DELAY_MS: '0',
  });
  await answering(`http://127.0.0.1:${opsPort}/livez`);
  const livezMs = Math.round(performance.now() - startedAt);
  await answering(`http://127.0.0.1:${opsPort}/readyz`);
  const readyzMs = Math.round(performance.now() - startedAt);
  child.kill('SIGTERM');
  await once(child, 'exit');
  return { livezMs, readyzMs };
}

function median(values: number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}
