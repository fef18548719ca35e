import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { clone } from '../scripts/clone.mjs';
import { configurationPage, exampleEnvironment } from './configuration-page.ts';
import { errorsPage } from './errors-page.ts';

/** What is written from the code, so that it cannot say anything else. */
const pages: Record<string, () => Promise<string>> = {
  'docs/errors.md': errorsPage,
  'docs/configuration.md': configurationPage,
  '.env.example': exampleEnvironment,
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
