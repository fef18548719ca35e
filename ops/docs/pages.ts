import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { clone } from '../scripts/clone.mjs';
import { commandLinePage } from './command-line-page.ts';
import { configurationPage, exampleEnvironment } from './configuration-page.ts';
import { drillsPage } from './drills-page.ts';
import { errorsPage } from './errors-page.ts';
import { editorSchema, plimsollYmlPage } from './plimsoll-yml-page.ts';

/** What is written from the code, so that it cannot say anything else. */
const pages: Record<string, () => Promise<string>> = {
  'docs/errors.md': errorsPage,
  'docs/configuration.md': configurationPage,
  'docs/runbooks/drills.md': drillsPage,
  '.env.example': exampleEnvironment,
  'docs/reference/command-line.md': commandLinePage,
  'docs/reference/plimsoll-yml.md': plimsollYmlPage,
  'docs/reference/plimsoll.schema.json': editorSchema,
};

/** The pages that differ from the code. */
export async function stalePages(): Promise<string[]> {
  const stale = await Promise.all(
    Object.entries(pages).map(async ([path, text]) => {
      const there = await readFile(join(clone, path), 'utf8').catch(() => '');
      return there === (await text()) ? [] : [path];
    }),
  );
  return stale.flat();
}

export async function writePages(): Promise<void> {
  for (const [path, text] of Object.entries(pages)) await writeFile(join(clone, path), await text());
}
