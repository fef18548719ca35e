import { setTimeout as delay } from 'node:timers/promises';
import { Proxy } from '../drills/proxy.ts';
import { bold, dim, green, red, say } from '../scripts/terminal.mjs';
import type { Send } from './api.ts';
import { violationsOf } from './checks/all.ts';
import type { Violation } from './checks/violation.ts';
import type { ChaosStack } from './chaos-stack.ts';
import { Clients } from './clients.ts';
import { Injector } from './injector.ts';
import { isWrite, Journal } from './journal.ts';
import { type Planned, scheduleOf } from './schedule.ts';

const slotCount = 4;
const mostShown = 10;
const answerWithinMs = 8000;

export interface Run {
  readonly slots: readonly string[];
  readonly journal: Journal;
  readonly faults: number;
}

export interface Wishes {
  readonly seed: number;
  readonly minutes: number;
  /** None: clients alone. */
  readonly faults: readonly Planned[];
  readonly lie: ((send: Send) => Send) | undefined;
}

export function planOf(seed: number, minutes: number, lie?: Wishes['lie']): Wishes {
  return { seed, minutes, faults: scheduleOf(seed, minutes), lie };
}

export function tellSchedule({ seed, minutes, faults }: Wishes): void {
  say(bold(`Seed ${seed}, ${minutes} min, ${faults.length} faults`));
  for (const { n, at, forMs, fault } of faults) {
    say(
      dim(
        `${String(n).padStart(3)} at ${(at / 1000).toFixed(1)} s for ${(forMs / 1000).toFixed(1)} s: ${fault.kind}, ${fault.what}`,
      ),
    );
  }
}

/** Clients at work while faults come and go; afterwards everything is healed, healthy, and read once more. */
export async function run(stack: ChaosStack, wishes: Wishes, signal: AbortSignal): Promise<Run> {
  const name = `chaos-${wishes.seed}-${Date.now().toString(36)}`;
  const slots = Array.from({ length: slotCount }, (_, n) => `${name}-${'abcd'[n]}`);
  const journal = new Journal(await stack.journalFile(name));
  const proxy = new Proxy(stack.given, answerWithinMs);
  const send: Send = (...asked) => proxy.send(...asked);
  const { seed, lie = (honest) => honest } = wishes;
  const clients = new Clients({ send: lie(send), journal, slots, target: stack.target, seed });
  const injector = new Injector(stack);
  const everyMinute = setInterval(() => say(`    ${journal.counts()}`), 60_000);
  try {
    await clients.prepare();
    clients.start();
    await follow(wishes, injector, signal).finally(() => injector.healAll());
    await stack.untilHealthy();
    await clients.end();
  } finally {
    clearInterval(everyMinute);
    clients.close();
    proxy.close();
  }
  return { slots, journal, faults: injector.injected };
}

async function follow({ faults, minutes }: Wishes, injector: Injector, signal: AbortSignal): Promise<void> {
  const begunAt = performance.now();
  const until = async (ms: number) => {
    await delay(Math.max(0, begunAt + ms - performance.now()), undefined, { signal });
  };
  for (const planned of faults) {
    await until(planned.at);
    await injector.run(planned, signal);
  }
  await until(minutes * 60_000);
}

/** What is wrong with a run, by what the ledger has now. */
export async function judge(stack: ChaosStack, { slots, journal }: Run): Promise<Violation[]> {
  return violationsOf(slots, journal.calls, await stack.ledger(slots));
}

export function tellResult({ journal, faults }: Run, violations: readonly Violation[]): void {
  for (const { check, slot, says, history } of violations.slice(0, mostShown)) {
    say(`${red(`✗ ${check}`)} in ${slot}: ${says}`);
    for (const line of history) say(dim(`    ${line}`));
  }
  if (violations.length > mostShown) say(dim(`    and ${violations.length - mostShown} more`));
  const writes = journal.count((call) => isWrite(call) && call.outcome === 'acknowledged');
  const reads = journal.count((call) => !isWrite(call) && call.outcome === 'acknowledged');
  const numbers = [`${faults} faults`, `${format(writes)} acknowledged writes`, `${format(reads)} reads`];
  const end = `${numbers.join(', ')}, ${violations.length} violations`;
  say(violations.length === 0 ? green(end) : red(end));
  say(dim(`The journal: ${journal.file}`));
}

const format = (count: number) => count.toLocaleString('en');
