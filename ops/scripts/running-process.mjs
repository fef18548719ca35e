import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

/**
 * Whether a process is alive and its command line has `words` in it: a number alone may have been given to
 * something else since it was written down.
 *
 * @param {number} pid
 * @param {string} words
 */
export function isRunning(pid, words) {
  if (!Number.isInteger(pid) || pid <= 0) return false;
  return commandLine(pid).includes(words);
}

/**
 * Empty for a process that is gone, and for a zombie.
 * @param {number} pid
 */
function commandLine(pid) {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ');
  } catch {
    return spawnSync('ps', ['-o', 'command=', '-p', String(pid)], { encoding: 'utf8' }).stdout ?? '';
  }
}
