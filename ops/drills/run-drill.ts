import { setTimeout as delay } from 'node:timers/promises';
import { Failure, say } from '../scripts/terminal.mjs';
import { alertsOf, hasLabels } from './alerts.ts';
import type { Drill } from './drill.ts';
import type { Runbook } from './runbook.ts';
import type { Shell, Work } from './shell.ts';

/** In seconds. */
export interface DrillTimes {
  /** From the fault to the alert in Alertmanager. */
  readonly detect: number;
  /** From the first command of the mitigation until everything is healthy again. */
  readonly recover: number;
  /** From the first command of the mitigation until Alertmanager has the alert no more. */
  readonly resolve: number;
}

const detectWithin = 480;
const resolveWithin = 600;
/** A machine that is busy with something else is given time. */
const healthy = 'ops/scripts/wait-healthy --timeout 300';

/** Breaks, waits for the alert, does what the runbook says and nothing else, and waits until all is as before. */
export async function runDrill(drill: Drill, runbook: Runbook, shell: Shell): Promise<DrillTimes> {
  await shell.run(healthy);
  await untilGone(drill, shell);
  const background: Work[] = drill.during === undefined ? [] : [shell.start(drill.during)];
  try {
    const broken = stopwatch();
    await shell.run(drill.inject);
    await untilThere(drill, shell);
    const detect = broken();
    say(`  the alert is there after ${detect} s`);
    for (const block of runbook.commands('Diagnosis')) await shell.run(block);
    const mending = stopwatch();
    for (const block of runbook.commands('Mitigation')) await shell.run(block);
    await shell.run(healthy);
    const recover = mending();
    say(`  everything is healthy ${recover} s after the mitigation began`);
    await untilGone(drill, shell);
    const resolve = mending();
    if (drill.after !== undefined) await shell.run(drill.after);
    return { detect, recover, resolve };
  } finally {
    for (const work of background) await work.stop();
  }
}

/** Runs what the page prints where nothing is broken: for alerts that no drill can raise. */
export async function rehearse(runbook: Runbook, shell: Shell): Promise<void> {
  for (const section of ['Diagnosis', 'Mitigation'] as const) {
    for (const block of runbook.commands(section)) await shell.run(block);
  }
  await shell.run(healthy);
}

const active = async ({ alert, labels = {} }: Drill, shell: Shell) =>
  (await alertsOf(shell, alert)).filter((one) => hasLabels(one, labels));

const untilThere = (drill: Drill, shell: Shell) =>
  until(`${drill.alert} to fire`, detectWithin, async () => (await active(drill, shell)).length > 0);

const untilGone = (drill: Drill, shell: Shell) =>
  until(`${drill.alert} to resolve`, resolveWithin, async () => (await active(drill, shell)).length === 0);

async function until(what: string, seconds: number, isSo: () => Promise<boolean>): Promise<void> {
  const passed = stopwatch();
  while (!(await isSo())) {
    if (passed() > seconds) throw new Failure(`Waited ${seconds} s for ${what}.`);
    await delay(500);
  }
}

function stopwatch(): () => number {
  const startedAt = performance.now();
  return () => Math.round((performance.now() - startedAt) / 100) / 10;
}
