import { setTimeout as sleep } from 'node:timers/promises';
import { dim, green, red, say, showPending, yellow } from '../scripts/terminal.mjs';
import type { Deployment, Measurement, Plimsoll, Verdict } from './plimsoll.ts';

const lookEveryMs = 200;
const waitSeconds = 30;
const barWidth = 24;

/** Shows measurements as they come, and returns with the verdict. */
export async function watchGate(
  plimsoll: Plimsoll,
  deployment: Deployment,
  hosts: readonly string[],
): Promise<Verdict> {
  const fallen = new AbortController();
  const rounds = new Rounds(hosts);
  const [verdict] = await Promise.all([
    waitForVerdict(plimsoll, deployment).finally(() => fallen.abort()),
    showProgress(plimsoll, deployment, rounds, fallen.signal),
  ]);
  rounds.show(await plimsoll.measurements(deployment), { isLast: true });
  return verdict;
}

/** As a pipeline would: one request that is answered the moment the verdict falls. */
async function waitForVerdict(plimsoll: Plimsoll, deployment: Deployment): Promise<Verdict> {
  for (;;) {
    const verdict = await plimsoll.verdict(deployment, waitSeconds);
    if (verdict.verdict !== 'pending') return verdict;
  }
}

async function showProgress(
  plimsoll: Plimsoll,
  deployment: Deployment,
  rounds: Rounds,
  fallen: AbortSignal,
): Promise<void> {
  while (!fallen.aborted) {
    const { progress } = await plimsoll.verdict(deployment, 0);
    rounds.show(await plimsoll.measurements(deployment));
    showPending(progressLine(progress, rounds.count));
    await sleep(lookEveryMs, null, { signal: fallen }).catch(() => undefined);
  }
}

function progressLine({ done, planned }: Verdict['progress'], shown: number): string {
  if (shown === 0) return `    ${dim('proving that every host runs the new digest …')}`;
  const filled = Math.round((barWidth * done) / Math.max(planned, 1));
  const bar = '█'.repeat(filled) + dim('░'.repeat(barWidth - filled));
  return `    baking ${bar} ${done} of ${planned} measurements`;
}

/** One line for the n-th measurement of all hosts. */
class Rounds {
  count = 0;
  readonly #hosts: readonly string[];

  constructor(hosts: readonly string[]) {
    this.#hosts = hosts;
  }

  show(measurements: readonly Measurement[], { isLast = false } = {}): void {
    for (;;) {
      const round = measurements.filter(({ n }) => n === this.count);
      const isWhole = round.length === this.#hosts.length;
      if (round.length === 0 || !(isWhole || isLast)) return;
      if (this.count === 0) say(`    ${dim('every host runs the right digest; the bake begins')}`);
      say(`    ${dim(`${round[0]?.check} ${String(this.count).padStart(2)}`)}   ${this.#line(round)}`);
      this.count += 1;
    }
  }

  #line(round: readonly Measurement[]): string {
    return this.#hosts
      .map((name) => round.find(({ host }) => host === name))
      .map((measurement, index) => `host ${this.#hosts[index]} ${cell(measurement)}`)
      .join('    ');
  }
}

function cell(measurement: Measurement | undefined): string {
  if (measurement === undefined) return dim('–'.padEnd(14));
  const { outcome, value } = measurement;
  const paint = outcome === 'pass' ? green : outcome === 'fail' ? red : yellow;
  const duration = value === null ? '' : `${value.toFixed(1)} ms`;
  return `${paint(outcome.padEnd(6))} ${dim(duration.padStart(8))}`;
}
