import { rename, writeFile } from 'node:fs/promises';

/**
 * Writes what nobody else may read. It appears whole or not at all.
 * @param {string} path
 * @param {string} text
 */
export async function writePrivately(path, text) {
  const unfinished = `${path}.${process.pid}`;
  await writeFile(unfinished, text, { mode: 0o600 });
  await rename(unfinished, path);
}
