/**
 * How long a container of the running production-like stack takes from `podman start` to `/readyz`, on a warm database:
 * the median of the runs. It is asked at its address in Podman's network, which only root reaches.
 *
 *   ops/scripts/up && node ops/bench/containers.ts [--runs 5] [--project plimsoll]
 */
import { execFile } from 'node:child_process';
import { parseArgs, promisify } from 'node:util';
import { answering, machine } from './server.ts';

const { values: options } = parseArgs({
  options: { runs: { type: 'string', default: '5' }, project: { type: 'string', default: 'plimsoll' } },
});
const container = `${options.project}_app-2_1`;

const runs: number[] = [];
for (let n = 0; n < Number(options.runs); n += 1) runs.push(await measure());
const median = runs.toSorted((a, b) => a - b)[Math.floor(runs.length / 2)];
console.log(machine());
console.log(`podman start to /readyz ${median} ms (goal 2000); all: ${runs.join(' ')}`);

async function measure(): Promise<number> {
  await podman('stop', '--time', '30', container);
  const startedAt = performance.now();
  await podman('start', container);
  const address = '{{range .NetworkSettings.Networks}}{{.IPAddress}} {{end}}';
  const [ip] = (await podman('inspect', '--format', address, container)).split(' ');
  await answering(`http://${ip}:9464/readyz`);
  return Math.round(performance.now() - startedAt);
}

async function podman(...args: string[]): Promise<string> {
  return (await promisify(execFile)('podman', args)).stdout;
}
