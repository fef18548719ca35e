import { type OpenApiDocument, servedDocument } from '../client/served-document.ts';
import { ensureBuilt } from '../scripts/build.mjs';
import { listenForInterruption } from '../scripts/interruption.mjs';
import { dim, Failure, green, Interrupted, red, runMain, say, showPending } from '../scripts/terminal.mjs';
import { type Check, checks, type Workbench } from './checks.ts';
import { Fault } from './fault.ts';
import { TemporaryDatabases } from './temporary-database.ts';

/** `npm run check`, or of these: `npm run check -- lint types` */
async function main(names: readonly string[]): Promise<number> {
  const { signal } = listenForInterruption();
  const chosen = choose(names);
  await ensureBuilt(signal);
  let started: Promise<TemporaryDatabases> | undefined;
  let served: Promise<OpenApiDocument> | undefined;
  const databases = () => (started ??= TemporaryDatabases.start(signal));
  const serve = async () => servedDocument(await (await databases()).create(), signal);
  const workbench: Workbench = { signal, databases, document: () => (served ??= serve()) };
  try {
    return summary(await runAll(chosen, workbench));
  } finally {
    await (await started)?.[Symbol.asyncDispose]();
  }
}

function choose(names: readonly string[]): readonly Check[] {
  const unknown = names.filter((name) => !checks.some((check) => check.name === name));
  const known = checks.map(({ name }) => name).join(' ');
  if (unknown.length > 0) throw new Failure(`There is no check ${unknown.join(', ')}; there are: ${known}`);
  return names.length === 0 ? checks : checks.filter(({ name }) => names.includes(name));
}

async function runAll(chosen: readonly Check[], workbench: Workbench): Promise<boolean[]> {
  const results: boolean[] = [];
  for (const check of chosen) results.push(await passes(check, workbench));
  return results;
}

async function passes({ name, rule, run }: Check, workbench: Workbench): Promise<boolean> {
  if (workbench.signal.aborted) throw new Interrupted();
  const title = `${name.padEnd(11)} ${rule}`;
  showPending(`${dim('…')} ${title}`);
  try {
    await run(workbench);
    say(`${green('✓')} ${title}`);
    return true;
  } catch (error) {
    if (error instanceof Interrupted) throw error;
    say(`${red('✗')} ${title}\n${indented(messageOf(error))}`);
    return false;
  }
}

function messageOf(error: unknown): string {
  if (error instanceof Fault || error instanceof Failure) return error.message;
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}

const indented = (text: string) => text.replaceAll(/^/gm, '    ');

function summary(results: readonly boolean[]): number {
  const passed = results.filter(Boolean).length;
  say(`${passed} passed, ${results.length - passed} failed, 0 skipped`);
  return passed === results.length ? 0 : 1;
}

await runMain(() => main(process.argv.slice(2)));
