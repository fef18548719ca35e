import { randomInt } from 'node:crypto';
import { parseArgs } from 'node:util';
import { listenForInterruption } from '../scripts/interruption.mjs';
import { Failure, Interrupted, runMain, say } from '../scripts/terminal.mjs';
import { ChaosStack } from './chaos-stack.ts';
import { judgePlanted, plantAll } from './planting.ts';
import { plants } from './plants.ts';
import { judge, planOf, run, tellResult, tellSchedule, type Run } from './run.ts';
import { staleReads } from './stale-reads.ts';

const names = plants.map(({ name, what }) => `                  ${name.padEnd(16)} ${what}`).join('\n');
const usage = `Breaks a stack of its own by chance while clients use it, and checks what they were told against the ledger.
npm run chaos -- [options]
  --minutes N     how long, 10 unless told otherwise
  --seed S        the same faults at the same times; by chance unless told. May be repeated: one run after the other
  --schedule      print what would be done, and do nothing
  --plant NAME    break a promise on purpose after the run, which then has to fail:
${names}
  --plants        break each of them in turn after the last run, and fail unless all are found
  --keep          leave the stack running afterwards, to be looked at
The stack is started unless it runs, and ended then. COMPOSE_PROJECT_NAME names another; IMAGE is what it runs.
It ends with 1 if a promise was broken: no acknowledged write is lost, no slot has two active deployments, no verdict
changes, none is promoted without evidence, and some order of the writes explains every read.`;

await runMain(async () => {
  const wishes = parsed(process.argv.slice(2));
  if (wishes.help) return void say(usage);
  for (const plan of wishes.plans) tellSchedule(plan);
  if (wishes.schedule) return 0;
  const { signal } = listenForInterruption();
  const stack = new ChaosStack(signal, process.env);
  try {
    await stack.start();
    return await allOf(stack, wishes, signal);
  } catch (error) {
    throw signal.aborted ? new Interrupted() : error;
  } finally {
    if (!wishes.keep) await stack.end();
  }
});

type Parsed = ReturnType<typeof parsed>;

async function allOf(stack: ChaosStack, { plans, plant, isPlantingAll }: Parsed, signal: AbortSignal): Promise<number> {
  let broken = 0;
  let last: Run | undefined;
  for (const plan of plans) {
    if (plans.length > 1) say(`\nSeed ${plan.seed}`);
    last = await run(stack, plan, signal);
    const violations = plant ? await judgePlanted(plant, stack, last) : await judge(stack, last);
    tellResult(last, violations);
    broken += violations.length;
    if (last.journal.calls.length === 0) throw new Failure('Nobody was answered: nothing is shown.');
  }
  if (isPlantingAll && last !== undefined) broken += await plantAll(stack, last, signal);
  return broken === 0 ? 0 : 1;
}

function parsed(args: string[]) {
  const flag = { type: 'boolean', default: false } as const;
  const options = {
    minutes: { type: 'string', default: '10' },
    seed: { type: 'string', multiple: true },
    plant: { type: 'string' },
    plants: flag,
    schedule: flag,
    keep: flag,
    help: flag,
  } as const;
  const values = valuesOf(() => parseArgs({ args, options }).values);
  const minutes = number('--minutes', values.minutes, 0.5, 600);
  const seeds = values.seed?.map((seed) => number('--seed', seed, 0, 2 ** 32 - 1)) ?? [randomInt(2 ** 31)];
  const plant = plants.find(({ name }) => name === values.plant);
  if (values.plant !== undefined && !plant)
    refuse(`--plant must be one of ${plants.map(({ name }) => name).join(', ')}.`);
  const lie = plant && plant.plant === undefined ? staleReads : undefined;
  const plans = seeds.map((seed) => planOf(seed, minutes, lie));
  const { schedule, keep, help } = values;
  return { plans, plant, isPlantingAll: values.plants, schedule, keep, help };
}

function number(option: string, text: string, least: number, most: number): number {
  const value = Number(text);
  const isWell =
    text.trim() !== '' && value >= least && value <= most && (option !== '--seed' || Number.isInteger(value));
  return isWell ? value : refuse(`${option} must be a number from ${least} to ${most}, and not "${text}".`);
}

function valuesOf<Values>(read: () => Values): Values {
  try {
    return read();
  } catch (error) {
    return refuse(error instanceof Error ? error.message : String(error));
  }
}

function refuse(why: string): never {
  throw new Failure(`${why}\n\n${usage}`, { exitCode: 64 });
}
