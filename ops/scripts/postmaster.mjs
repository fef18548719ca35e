import { readFileSync, realpathSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { isRunning } from './running-process.mjs';

const pollMs = 20;

/**
 * @typedef {{ pid: number, folder: string, port: number, status: string }} Postmaster
 * `status` is PostgreSQL's own word: `starting`, `ready`, `standby`, `stopping`.
 */

/**
 * The postmaster that runs on this data folder, or null. A file that a crash left behind, or one whose
 * process number now belongs to something else, is not taken for one.
 *
 * @param {string} data
 * @returns {Postmaster | null}
 */
export function runningPostmaster(data) {
  const postmaster = readPidFile(data);
  if (postmaster === null) return null;
  if (isPostgres(postmaster.pid) && isSameFolder(postmaster.folder, data)) return postmaster;
  // PostgreSQL believes any living process of its own user, so a recycled number has to go before it starts.
  if (signalProcess(postmaster.pid, 0)) rmSync(join(data, 'postmaster.pid'), { force: true });
  return null;
}

/**
 * @param {string} data
 * @returns {Postmaster | null}
 */
export function readPidFile(data) {
  try {
    const [pid, folder, , port, , , , status] = readFileSync(join(data, 'postmaster.pid'), 'utf8').split('\n');
    return { pid: Number(pid), folder: folder ?? '', port: Number(port), status: status?.trim() ?? 'starting' };
  } catch {
    return null;
  }
}

/**
 * Ends it as `pg_ctl stop -m fast` would, and returns when it is gone.
 * @param {number} pid
 */
export async function stopPostmaster(pid) {
  const immediateAt = Date.now() + 20_000;
  let signal = /** @type {NodeJS.Signals} */ ('SIGINT');
  signalProcess(pid, signal);
  while (isPostgres(pid)) {
    if (Date.now() > immediateAt && signal !== 'SIGQUIT') {
      signal = 'SIGQUIT';
      signalProcess(pid, signal);
    }
    await sleep(pollMs);
  }
}

/** @param {number} pid */
const isPostgres = (pid) => isRunning(pid, 'postgres');

/**
 * @param {number} pid
 * @param {NodeJS.Signals | 0} signal
 */
function signalProcess(pid, signal) {
  try {
    return process.kill(pid, signal);
  } catch {
    return false;
  }
}

/**
 * @param {string} one
 * @param {string} other
 */
function isSameFolder(one, other) {
  try {
    return realpathSync(one) === realpathSync(other);
  } catch {
    return false;
  }
}
