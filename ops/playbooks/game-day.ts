import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { alertsOf, hasLabels } from '../drills/alerts.ts';
import { type Drill, defaultFactor } from '../drills/drill.ts';
import { readRunbook } from '../drills/runbook.ts';
import type { Shell, Work } from '../drills/shell.ts';
import { DrillStack } from '../drills/stack.ts';
import { clone } from '../scripts/clone.mjs';
import { listenForInterruption } from '../scripts/interruption.mjs';
import { Failure, say } from '../scripts/terminal.mjs';
import { clientEnvironment } from './client-environment.ts';
import { drawFaults } from './game-day-faults.ts';
import { readGuide } from './guide.ts';

const healthy = 'ops/scripts/wait-healthy --timeout 300';
const detectWithin = 600;
const mostOfALine = 110;
const severities = ['page', 'ticket', 'info'];

interface Found {
  readonly drill: Drill;
  readonly severity: string;
}

/** What was done and seen, by the clock. */
class Timeline {
  private readonly rows: { at: string; what: string }[] = [];

  note(what: string, at = new Date().toISOString()): void {
    this.rows.push({ at, what });
    say(`${at.slice(11, 19)}  ${what}`);
  }

  /** `plimsoll timeline` says who did what; both together, in their order. */
  with(audited: string): string[] {
    const [{ at: begun } = { at: '' }] = this.rows;
    const entries = audited.split('\n').flatMap((line) => {
      const [, at = '', what = ''] = /^(\d{4}-\d\d-\d\dT[\d:.]+Z) +(.+)$/.exec(line.trim()) ?? [];
      const isOurs = at !== '' && at >= begun && !what.includes(' services/drill-');
      return isOurs ? [{ at, what: `audit log: ${what.replaceAll(/ {2,}/g, '  ').slice(0, mostOfALine)}` }] : [];
    });
    const all = [...this.rows, ...entries].toSorted((one, other) => (one.at < other.at ? -1 : 1));
    return all.map(({ at, what }) => `${at.slice(11, 19)}  ${what}`);
  }
}

/** `npm run drill -- game-day`: three faults at once, and the commands of the guide and of the runbooks against them. */
export async function gameDay(args: string[]): Promise<number> {
  const { values } = parseArgs({ args, options: { seed: { type: 'string' } } });
  const seed = Number(values.seed ?? Math.floor(Math.random() * 1_000_000));
  if (!Number.isSafeInteger(seed)) throw new Failure(`--seed wants a whole number, not "${values.seed}"`);
  const faults = drawFaults(seed);
  const given = { COMPOSE_PROJECT_NAME: 'plimsoll-game-day', PROXY_PORT: '18673', ...process.env };
  const stack = new DrillStack(listenForInterruption().signal, given);
  await stack.start();
  try {
    await stack.shorten(defaultFactor);
    const timeline = new Timeline();
    const audited = await play(faults, stack.shellWith(await clientEnvironment(stack.shell)), timeline);
    say(`\nThe timeline of the game day, seed ${seed}:\n`);
    for (const line of timeline.with(audited)) say(line);
    say('1 passed, 0 failed, 0 skipped');
    return 0;
  } finally {
    await stack.end();
  }
}

/** Answers what `plimsoll timeline` says of it. */
async function play(faults: readonly Drill[], shell: Shell, timeline: Timeline): Promise<string> {
  const guide = await readGuide();
  await shell.run(`node ops/playbooks/seed.ts\n${healthy}`);
  await Promise.all(faults.map((drill) => untilGone(drill, shell)));
  const traffic: Work[] = faults.flatMap(({ during }) => (during === undefined ? [] : [shell.start(during)]));
  try {
    for (const { fault } of faults) timeline.note(`fault: ${fault}`);
    await Promise.all(faults.map(({ inject }) => shell.run(inject)));
    const found = await Promise.all(faults.map((drill) => seen(drill, shell, timeline)));
    const [look = '', ...thenFreeze] = guide.first;
    const [worst, ...others] = bySeverity(found);
    timeline.note('the lead opens the incident, and looks what changed before');
    await shell.run([look, 'declare -p began >"$FOLDER/incident"'].join('\n'));
    // First: while the ledger does not answer, nobody can freeze.
    if (worst !== undefined) await mitigate(worst, shell, timeline);
    const noted = 'declare -p began freeze >"$FOLDER/incident"';
    await shell.run(['source "$FOLDER/incident"', ...thenFreeze, noted].join('\n'));
    timeline.note('new deployments are frozen');
    for (const each of others) await mitigate(each, shell, timeline);
    await shell.run(healthy);
    timeline.note('everything is healthy');
    await Promise.all(faults.map((drill) => gone(drill, shell, timeline)));
    const audited = await shell.run(['source "$FOLDER/incident"', ...guide.afterwards, 'cat timeline.txt'].join('\n'));
    timeline.note('the freeze is lifted; the lead ends the incident');
    return audited;
  } finally {
    for (const work of traffic) await work.stop();
    for (const { after } of faults) if (after !== undefined) await shell.run(after);
    await rm(join(clone, 'timeline.txt'), { force: true });
  }
}

const active = async ({ alert, labels = {} }: Drill, shell: Shell) =>
  (await alertsOf(shell, alert)).filter((one) => hasLabels(one, labels));

async function seen(drill: Drill, shell: Shell, timeline: Timeline): Promise<Found> {
  const [first] = await until(
    `${drill.alert} to fire`,
    () => active(drill, shell),
    (alerts) => alerts.length > 0,
  );
  const severity = first?.labels['severity'] ?? 'info';
  timeline.note(`alert: ${drill.alert} (${severity})`);
  return { drill, severity };
}

const untilGone = (drill: Drill, shell: Shell) =>
  until(
    `${drill.alert} to resolve`,
    () => active(drill, shell),
    (alerts) => alerts.length === 0,
  );

async function gone(drill: Drill, shell: Shell, timeline: Timeline): Promise<void> {
  await untilGone(drill, shell);
  timeline.note(`resolved: ${drill.alert}`);
}

const bySeverity = (found: readonly Found[]) =>
  found.toSorted((one, other) => severities.indexOf(one.severity) - severities.indexOf(other.severity));

async function mitigate({ drill: { alert } }: Found, shell: Shell, timeline: Timeline): Promise<void> {
  const runbook = await readRunbook(alert);
  timeline.note(`the hands open the runbook of ${alert}`);
  for (const section of ['Diagnosis', 'Mitigation'] as const) {
    for (const block of runbook.commands(section)) await shell.run(block);
  }
  timeline.note(`mitigated: ${alert}`);
}

async function until<T>(what: string, look: () => Promise<T>, isSo: (found: T) => boolean): Promise<T> {
  const giveUpAt = performance.now() + detectWithin * 1000;
  for (;;) {
    const found = await look();
    if (isSo(found)) return found;
    if (performance.now() > giveUpAt) throw new Failure(`Waited ${detectWithin} s for ${what}.`);
    await delay(1000);
  }
}
