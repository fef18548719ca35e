import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { clone } from '../scripts/clone.mjs';
import { playbookPath } from './page.ts';
import type { Execution, Executions, Playbook } from './playbook.ts';

const file = join(clone, 'docs/playbooks/executions.json');

export const readExecutions = async (): Promise<Executions> =>
  JSON.parse(await readFile(file, 'utf8').catch(() => '{}')) as Executions;

/** Into the report, and to the foot of the page. */
export async function record(playbook: Playbook, execution: Execution): Promise<void> {
  const executions = { ...(await readExecutions()), [playbook.page]: execution };
  const sorted = Object.fromEntries(Object.entries(executions).toSorted(([one], [other]) => (one < other ? -1 : 1)));
  await writeFile(file, `${JSON.stringify(sorted, null, 2)}\n`);
  const path = join(clone, playbookPath(playbook.page));
  const text = await readFile(path, 'utf8');
  await writeFile(path, text.replace(/(?<=^## Last executed\n\n)[^]*$/m, `${lastExecuted(playbook, executions)}\n`));
}

/** What a page has to say in its last section. */
export function lastExecuted({ page, situation }: Playbook, executions: Executions): string {
  const execution = executions[page];
  if (execution === undefined) return `Never. ${situation}`;
  const { on, took, sent, failed, silent } = execution;
  return `${on}, in ${took} s. ${situation}\n${sent} requests, ${failed} failed; the longest time without a good answer: ${silent} s.`;
}
