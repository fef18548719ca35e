import { cp, mkdtemp } from 'node:fs/promises';
import { join } from 'node:path';
import { folder, run } from './stack.mjs';

/** What git knows of this clone, and will know with the next commit. */
export async function treeFiles(): Promise<string[]> {
  const list = await run('git', ['ls-files', '--cached', '--others', '--exclude-standard']);
  return list.split('\n');
}

/** A copy of the clone to change, as a fresh clone would be: without what is installed, built or kept. */
export async function copyOfClone(): Promise<string> {
  const copy = await mkdtemp(join(folder, 'clone-'));
  for (const file of await treeFiles()) {
    await cp(file, join(copy, file), { recursive: true, verbatimSymlinks: true });
  }
  return copy;
}
