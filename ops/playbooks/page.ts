import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { blocksOf } from '../drills/runbook.ts';
import { clone } from '../scripts/clone.mjs';

export const playbookFolder = 'docs/playbooks';

/** The parts that every playbook has, in this order; what is executed is printed in the middle ones. */
export const playbookSections = [
  'When to use it',
  'What it costs',
  'Before you start',
  'Steps',
  'How to know that it worked',
  'How to go back',
  'Last executed',
] as const;

export interface Page {
  readonly text: string;
  readonly headings: readonly string[];
  readonly last: string;
  /** From the first command until it is known that it worked. */
  readonly steps: readonly string[];
  readonly back: readonly string[];
}

/** Commands stand in numbered lists, too. */
export const unindented = (text: string) => text.replaceAll(/^ {3}/gm, '');

export function parsePage(text: string): Page {
  const parts = text.split(/^## (.+)$/m).slice(1);
  const headings = parts.filter((_, index) => index % 2 === 0);
  const section = (name: string) => parts[parts.indexOf(name) + 1] ?? '';
  const blocks = (...names: string[]) => names.flatMap((name) => blocksOf(unindented(section(name))));
  return {
    text,
    headings,
    last: section('Last executed').trim(),
    steps: blocks('Before you start', 'Steps', 'How to know that it worked'),
    back: blocks('How to go back'),
  };
}

export const playbookPath = (page: string) => join(playbookFolder, `${page}.md`);

export const readPage = async (page: string): Promise<Page> =>
  parsePage(await readFile(join(clone, playbookPath(page)), 'utf8'));

export const worked = '### it worked after';
const healthy = 'ops/scripts/wait-healthy --timeout 300';

const told = (blocks: readonly string[], what: string) =>
  blocks.flatMap((block, index) => [`printf '### %s %s\\n' '${what}' ${index + 1}`, block]);

/** All that the page prints, as it would be pasted into one shell: what one block sets, the next one has. */
export function scriptOf({ steps, back }: Page, environment = ''): string {
  return [
    environment,
    ...told(steps, 'step'),
    `printf '${worked} %s\\n' "$SECONDS"`,
    ...told(back, 'back'),
    healthy,
  ].join('\n');
}
