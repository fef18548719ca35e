import { green, red, say } from '../scripts/terminal.mjs';
import type { Violation } from './checks/violation.ts';
import type { ChaosStack } from './chaos-stack.ts';
import { type Plant, plants } from './plants.ts';
import { judge, type Run, run } from './run.ts';
import { staleReads } from './stale-reads.ts';

const lieForMinutes = 0.5;

/** The slot with the most to be broken. */
async function slotOf(stack: ChaosStack, { slots }: Run): Promise<string> {
  const { deployments } = await stack.ledger(slots);
  const promoted = (slot: string) =>
    deployments.filter((one) => one.slot === slot && one.applied.includes('verdict-promote')).length;
  return slots.toSorted((one, other) => promoted(other) - promoted(one))[0]!;
}

/** What is found while the promise is broken; afterwards it is whole again. */
export async function judgePlanted({ plant, undo }: Plant, stack: ChaosStack, done: Run): Promise<Violation[]> {
  if (plant === undefined || undo === undefined) return judge(stack, done);
  const slot = await slotOf(stack, done);
  await stack.shell.run(plant(slot));
  try {
    return await judge(stack, done);
  } finally {
    await stack.lasting.run(undo(slot));
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
