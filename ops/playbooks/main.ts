import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import type { Shell } from '../drills/shell.ts';
import { DrillStack } from '../drills/stack.ts';
import { clone } from '../scripts/clone.mjs';
import { listenForInterruption } from '../scripts/interruption.mjs';
import { Failure, green, Interrupted, red, say } from '../scripts/terminal.mjs';
import { clientEnvironment } from './client-environment.ts';
import { canBound, makeDisk, removeDisk } from './disk.ts';
import { execute } from './execute.ts';
import { readPage } from './page.ts';
import type { Playbook } from './playbook.ts';
import { playbooks } from './playbooks.ts';
import { record } from './report.ts';
import { playbooksOfEveryRun, playbooksOfTheDay } from './selection.ts';

export const playbookUsage = `npm run drill -- playbook [options] [PAGE...]
Executes the commands of pages of docs/playbooks on a stack of its own, while clients read and write.
  --list        the pages
  --all         every page
  --quick       the three of every run
  --of-the-day  two others, by the date
  --no-record   leave report and pages as they are`;

/** What the service makes at its start is in the way of other backups. */
const firstBackup = 'until ops/scripts/inside backup test -e /backups/state/dump; do sleep 1; done';

/** `npm run drill -- playbook` */
export async function runPlaybooks(args: string[]): Promise<number> {
  const chosen = choose(args);
  if (chosen === undefined) return 0;
  const given = { COMPOSE_PROJECT_NAME: 'plimsoll-playbooks', PROXY_PORT: '18663', ...process.env };
  return withEnvironmentFile(async () => {
    const stack = new DrillStack(listenForInterruption().signal, given, canBound() ? makeDisk : undefined);
    await stack.start();
    try {
      await stack.shell.run(firstBackup);
      const results: boolean[] = [];
      for (const row of chosen.rows) results.push(await passes(row, stack, chosen.isRecorded));
      const passed = results.filter(Boolean).length;
      say(`${passed} passed, ${results.length - passed} failed, 0 skipped`);
      return passed === results.length ? 0 : 1;
    } finally {
      await stack.end();
      if (canBound()) await removeDisk(stack.shell);
    }
  });
}

function choose(args: string[]): { rows: readonly Playbook[]; isRecorded: boolean } | undefined {
  const flag = { type: 'boolean', default: false } as const;
  const recorded = { type: 'boolean', default: true } as const;
  const options = { list: flag, all: flag, quick: flag, 'of-the-day': flag, record: recorded } as const;
  const { values, positionals } = parseArgs({ args, allowPositionals: true, allowNegative: true, options });
  if (values.list) {
    for (const { page, situation } of playbooks) say(`${page.padEnd(28)} ${situation}`);
    return undefined;
  }
  const isRecorded = values.record;
  if (values.all) return { rows: playbooks, isRecorded };
  if (values.quick) return { rows: playbooksOfEveryRun(), isRecorded };
  if (values['of-the-day']) return { rows: playbooksOfTheDay(new Date()), isRecorded };
  const unknown = positionals.filter((name) => !playbooks.some(({ page }) => page === name));
  if (unknown.length > 0) throw new Failure(`There is no playbook ${unknown.join(', ')}; --list shows them.`);
  if (positionals.length === 0) throw new Failure(playbookUsage, { exitCode: 64 });
  return { rows: positionals.flatMap((name) => playbooks.filter(({ page }) => page === name)), isRecorded };
}

async function passes(row: Playbook, stack: DrillStack, isRecorded: boolean): Promise<boolean> {
  say(`${row.page}: ${row.situation}`);
  try {
    const shell: Shell = stack.shellWith(await clientEnvironment(stack.shell));
    const execution = await execute(row, await readPage(row.page), shell);
    if (isRecorded) await record(row, execution);
    say(`${green('✓')} ${row.page}`);
    return true;
  } catch (error) {
    if (error instanceof Interrupted) throw error;
    say(`${red('✗')} ${row.page}: ${error instanceof Error ? error.message : String(error)}`);
    // It broke off somewhere: that it is healthy does not say that the next page finds what it expects.
    await stack.reset();
    return false;
  }
}

/** Programs of the stack remember the image in `.env`. It is whoever works here who gets his own back. */
async function withEnvironmentFile(work: () => Promise<number>): Promise<number> {
  const path = join(clone, '.env');
  const before = await readFile(path, 'utf8').catch(() => undefined);
  const image = process.env['IMAGE'];
  delete process.env['IMAGE'];
  await writeFile(path, image === undefined ? '' : `IMAGE=${image}\n`);
  try {
    return await work();
  } finally {
    await (before === undefined ? rm(path, { force: true }) : writeFile(path, before));
  }
}
