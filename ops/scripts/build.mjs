import { readdir, stat, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { run, tail } from './child-process.mjs';
import { clone, node } from './clone.mjs';
import { Failure, step } from './terminal.mjs';

/** What the build is made from. */
const sources = ['src', '.swcrc', 'nest-cli.json', 'tsconfig.json', 'tsconfig.build.json', 'package-lock.json'];
/** Its time is that of the newest source that the build has seen. */
const marker = join(clone, 'dist', '.built');

/**
 * Builds unless dist is as new as what it is made from.
 * @param {AbortSignal} signal
 */
export async function ensureBuilt(signal) {
  const newestMs = Math.max(...(await Promise.all(sources.map((source) => changedAt(join(clone, source))))));
  const builtMs = (await stat(marker).catch(() => null))?.mtimeMs ?? -Infinity;
  // Whole milliseconds: setting a file's time loses the fraction.
  if (Math.floor(builtMs) >= Math.floor(newestMs)) return;
  await step('build', async () => {
    const nest = join(clone, 'node_modules', '@nestjs', 'cli', 'bin', 'nest.js');
    const { exitCode, output } = await run(node, [nest, 'build'], { cwd: clone, signal });
    if (exitCode !== 0) throw new Failure(`The build failed:\n${tail(output, 30)}`);
    await writeFile(marker, '');
    await utimes(marker, newestMs / 1000, newestMs / 1000);
  });
}

/**
 * The latest change of a file, or of anything in a folder. Folders count too: theirs is all that a deletion changes.
 * @param {string} path
 * @returns {Promise<number>}
 */
async function changedAt(path) {
  const found = await stat(path);
  if (!found.isDirectory()) return found.mtimeMs;
  const entries = await readdir(path);
  const times = await Promise.all(entries.map((entry) => changedAt(join(path, entry))));
  return Math.max(found.mtimeMs, ...times);
}
