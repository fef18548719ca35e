import { existsSync, openSync, renameSync } from 'node:fs';

/**
 * Opens a log for a program that starts now; the one of the start before stays beside it as `….1`.
 * @param {string} path
 */
export function openLog(path) {
  if (existsSync(path)) renameSync(path, `${path}.1`);
  return openSync(path, 'a', 0o600);
}
