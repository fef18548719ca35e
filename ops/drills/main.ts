import { parseArgs } from 'node:util';
import { listenForInterruption } from '../scripts/interruption.mjs';
import { dim, Failure, green, Interrupted, red, runMain, say } from '../scripts/terminal.mjs';
import { gameDay } from '../playbooks/game-day.ts';
import { runPlaybooks } from '../playbooks/main.ts';
import { type Drill, defaultFactor, isDrill, type Undrilled } from './drill.ts';
import { drills } from './drills.ts';
import { record } from './report.ts';
import { rehearse, runDrill } from './run-drill.ts';
import { readRunbook } from './runbook.ts';
import { DrillStack } from './stack.ts';
import { ofEveryRun, ofTheDay } from './selection.ts';

const usage = `Breaks something in a stack of its own, waits for the alert, and mends it by the runbook.
npm run drill -- [options] [ALERT...]
  --list        what can be drilled
  --all         every alert
  --quick       the five of every day
  --of-the-day  five others, by the date
  --factor N    divide \`for\` and windows of the rules by this instead; 1 is production
  --no-record   leave report and runbooks as they are
npm run drill -- playbook --list
npm run drill -- game-day --seed 7
The stack is started unless it runs, and ended then. COMPOSE_PROJECT_NAME names another; IMAGE is what it runs.`;

type Row = Drill | Undrilled;

await runMain(async () => {
  const [command = '', ...rest] = process.argv.slice(2);
  if (command === 'playbook') return runPlaybooks(rest);
  if (command === 'game-day') return gameDay(rest);
  const { values, positionals } = parsed(process.argv.slice(2));
  if (values.help) return void say(usage);
  if (values.list) return void list();
  const chosen = choose(values, positionals);
  const stack = new DrillStack(listenForInterruption().signal, process.env);
  await stack.start();
  try {
    const results: boolean[] = [];
    for (const row of chosen) results.push(await passes(row, stack, values));
    const passed = results.filter(Boolean).length;
    say(`${passed} passed, ${results.length - passed} failed, 0 skipped`);
    return passed === results.length ? 0 : 1;
  } finally {
    await stack.end();
  }
});

type Options = ReturnType<typeof parsed>['values'];

function parsed(args: string[]) {
  const flag = { type: 'boolean', default: false } as const;
  const options = {
    list: flag,
    all: flag,
    quick: flag,
    'of-the-day': flag,
    help: flag,
    factor: { type: 'string' },
    record: { type: 'boolean', default: true },
  } as const;
  try {
    return parseArgs({ args, allowPositionals: true, allowNegative: true, options });
  } catch (error) {
    throw new Failure(`${error instanceof Error ? error.message : String(error)}\n\n${usage}`, { exitCode: 64 });
  }
}

function choose(options: Options, names: readonly string[]): readonly Row[] {
  if (options.all) return drills;
  if (options.quick) return ofEveryRun();
  if (options['of-the-day']) return ofTheDay(new Date());
  const unknown = names.filter((name) => !drills.some(({ alert }) => alert === name));
  if (unknown.length > 0) throw new Failure(`There is no alert ${unknown.join(', ')}; --list shows them.`);
  if (names.length === 0) throw new Failure(usage, { exitCode: 64 });
  return names.flatMap((name) => drills.filter(({ alert }) => alert === name));
}

function list(): void {
  for (const row of drills) {
    say(isDrill(row) ? `${row.alert.padEnd(24)} ${row.fault}` : dim(`${row.alert.padEnd(24)} ${row.because}`));
  }
}

async function passes(row: Row, stack: DrillStack, options: Options): Promise<boolean> {
  try {
    if (isDrill(row))
      await drill({ ...row, ...(options.factor && { factor: Number(options.factor) }) }, stack, options);
    else await rehearse(await readRunbook(row.alert), stack.shell);
    say(`${green('✓')} ${row.alert}`);
    return true;
  } catch (error) {
    if (error instanceof Interrupted) throw error;
    say(`${red('✗')} ${row.alert}: ${error instanceof Error ? error.message : String(error)}`);
    await stack.reset();
    return false;
  }
}

async function drill(row: Drill, stack: DrillStack, options: Options): Promise<void> {
  say(`${row.alert}: ${row.fault}`);
  await stack.shorten(row.factor ?? defaultFactor);
  const times = await runDrill(row, await readRunbook(row.alert), stack.shell);
  if (options.record) await record(row, times);
}
