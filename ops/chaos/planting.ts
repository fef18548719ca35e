import { Failure, green, red, say } from '../scripts/terminal.mjs';
import type { Violation } from './checks/violation.ts';
import type { ChaosStack } from './chaos-stack.ts';
import { type Plant, plants } from './plants.ts';
import { judge, type Run, run } from './run.ts';
import { staleReads } from './stale-reads.ts';

const lieForMinutes = 0.5;

/** The newest deployment of which somebody was told that the gate had promoted it. */
function promotedOne({ journal }: Run): string {
  const told = journal.calls.findLast(({ verdict, outcome }) => verdict === 'promote' && outcome === 'acknowledged');
  if (told?.deployment === undefined) throw new Failure('Nobody was told of a promotion: there is nothing to break.');
  return told.deployment;
}

/** What is found while the promise is broken; afterwards it is whole again. */
export async function judgePlanted({ plant, undo }: Plant, stack: ChaosStack, done: Run): Promise<Violation[]> {
  if (plant === undefined || undo === undefined) return judge(stack, done);
  await stack.shell.run(plant(promotedOne(done)));
  try {
    return await judge(stack, done);
  } finally {
    await stack.lasting.run(undo);
  }
}

/** Breaks every promise, one after the other, and answers how many of them went unnoticed. */
export async function plantAll(stack: ChaosStack, done: Run, signal: AbortSignal): Promise<number> {
  let missed = 0;
  for (const plant of plants) {
    const after = plant.plant === undefined ? await lying(stack, signal) : done;
    const violations = await judgePlanted(plant, stack, after);
    const isFound = violations.some(({ check }) => check === plant.found);
    if (!isFound) missed += 1;
    say(`${isFound ? green('✓ found') : red('✗ not found')}: ${plant.name}, ${plant.what}`);
    for (const { check, says } of violations.slice(0, 2)) say(`    ${check}: ${says.slice(0, 300)}`);
  }
  const left = await judge(stack, done);
  if (left.length > 0) say(red(`✗ ${left.length} violations are left of what was planted`));
  return missed + left.length;
}

const lying = (stack: ChaosStack, signal: AbortSignal) =>
  run(stack, { seed: 0, minutes: lieForMinutes, faults: [], lie: staleReads }, signal);
