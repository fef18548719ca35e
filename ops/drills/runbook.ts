import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { clone } from '../scripts/clone.mjs';

export const runbookFolder = 'docs/runbooks';

/** The parts that every runbook has, in this order. */
export const runbookSections = ['Meaning', 'Impact', 'Diagnosis', 'Mitigation', 'Last drilled'] as const;
export type RunbookSection = (typeof runbookSections)[number];

/** What a page says, by its headings, and the commands that it prints. */
export interface Runbook {
  readonly text: string;
  readonly title: string;
  readonly sections: Readonly<Partial<Record<string, string>>>;
  /** The `bash` blocks of a section, as they are pasted. */
  commands(section: RunbookSection): string[];
}

export function parseRunbook(text: string): Runbook {
  const [, title = ''] = /^# (.+)$/m.exec(text) ?? [];
  const parts = text.split(/^## (.+)$/m).slice(1);
  const pairs = parts.flatMap((heading, index) => (index % 2 === 0 ? [[heading, parts[index + 1] ?? '']] : []));
  const sections = Object.fromEntries(pairs) as Record<string, string>;
  return { text, title, sections, commands: (section) => blocksOf(sections[section] ?? '') };
}

export function blocksOf(text: string): string[] {
  return [...text.matchAll(/^```bash\n(.*?)^```$/gms)].map(([, block = '']) => block.trim());
}

export const runbookPath = (alert: string) => join(runbookFolder, `${alert}.md`);

export async function readRunbook(alert: string): Promise<Runbook> {
  return parseRunbook(await readFile(join(clone, runbookPath(alert)), 'utf8'));
}
