import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The folder of this clone. */
export const clone = fileURLToPath(new URL('../..', import.meta.url)).replace(/\/$/, '');

/** What this clone's `npm start` keeps: data, admin token, logs. */
export const stateFolder = join(clone, '.plimsoll');

/** The Node that the lock file brings; everything but these scripts themselves runs on it. */
export const node = join(clone, 'node_modules', '.bin', 'node');

/**
 * A path as somebody who stands in the clone would type it.
 * @param {string} path
 */
export function shown(path) {
  return path.startsWith(`${clone}/`) ? relative(clone, path) : path;
}
