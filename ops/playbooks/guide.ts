import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { blocksOf } from '../drills/runbook.ts';
import { clone } from '../scripts/clone.mjs';
import { playbookPath, unindented } from './page.ts';

/** The guide for incidents has a form of its own; a game day executes its commands. */
export const guidePage = 'respond-to-an-incident';

export interface Guide {
  /** The commands of the first ten minutes. */
  readonly first: readonly string[];
  readonly afterwards: readonly string[];
}

export function parseGuide(text: string): Guide {
  const parts = text.split(/^## (.+)$/m).slice(1);
  const blocks = (name: string) => blocksOf(unindented(parts[parts.indexOf(name) + 1] ?? ''));
  return { first: blocks('The first ten minutes'), afterwards: blocks('Afterwards') };
}

export const readGuide = async (): Promise<Guide> =>
  parseGuide(await readFile(join(clone, playbookPath(guidePage)), 'utf8'));
