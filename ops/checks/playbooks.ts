import { readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { guidePage, parseGuide } from '../playbooks/guide.ts';
import { parsePage, playbookFolder, playbookSections } from '../playbooks/page.ts';
import type { Executions, Playbook } from '../playbooks/playbook.ts';
import { playbooks } from '../playbooks/playbooks.ts';
import { lastExecuted, readExecutions } from '../playbooks/report.ts';
import { clone } from '../scripts/clone.mjs';
import { treeFiles } from './command.ts';
import { assertNone } from './fault.ts';

/** The pages of docs/playbooks by their names, and what is said to execute them. */
export interface PlaybookTree {
  readonly pages: ReadonlyMap<string, string>;
  readonly rows: readonly Playbook[];
  readonly executions: Executions;
}

/** Everything that does not fit, each with the name of the page. */
export function playbookFaults({ pages, rows, executions }: PlaybookTree): string[] {
  const rowOf = (name: string) => rows.find(({ page }) => page === name);
  return [
    ...[...pages].flatMap(([name, text]) => {
      const row = rowOf(name);
      const faults = name === guidePage ? guideFaults(text) : pageFaults(text, row, executions);
      return [...faults, ...notBash(text)].map((fault) => `${name}: ${fault}`);
    }),
    ...rows.filter(({ page }) => !pages.has(page)).map(({ page }) => `${page}: a row in ops/playbooks without page`),
  ];
}

function pageFaults(text: string, row: Playbook | undefined, executions: Executions): string[] {
  if (row === undefined) return ['nothing executes its commands: it wants a row in ops/playbooks/playbooks.ts'];
  const { headings, steps, last } = parsePage(text);
  const there = headings.join(', ');
  const faults = [
    there !== playbookSections.join(', ') && `its sections are ${there}, not ${playbookSections.join(', ')}`,
    steps.length === 0 && 'it has no commands',
    last !== lastExecuted(row, executions) && `"Last executed" does not say: "${lastExecuted(row, executions)}"`,
  ];
  return faults.filter((fault) => fault !== false);
}

function guideFaults(text: string): string[] {
  const { first, afterwards } = parseGuide(text);
  return first.length > 0 && afterwards.length > 0 ? [] : ['it has no commands for a game day to execute'];
}

/** Text, data and forms to copy are no commands. */
const others = new Set(['bash', 'text', 'json', 'yaml', 'ini', 'markdown']);

function notBash(text: string): string[] {
  const languages = [...text.matchAll(/^ *```(\w+)$/gm)].map(([, language = '']) => language);
  const unknown = [...new Set(languages)].filter((language) => !others.has(language));
  return unknown.map((language) => `a block that is marked ${language} and not bash, so that nothing executes it`);
}

/** Every playbook is executed. */
export async function playbooksAreExecuted(): Promise<void> {
  const files = (await treeFiles(`${playbookFolder}/*.md`)).filter((file) => basename(file) !== 'README.md');
  const texts = await Promise.all(files.map((file) => readFile(join(clone, file), 'utf8')));
  const pages = new Map(files.map((file, index) => [basename(file, '.md'), texts[index]!]));
  assertNone('Playbooks', playbookFaults({ pages, rows: playbooks, executions: await readExecutions() }));
}
