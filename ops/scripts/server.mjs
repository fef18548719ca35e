import { spawn } from 'node:child_process';
import { closeSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { tail } from './child-process.mjs';
import { clone, node } from './clone.mjs';
import { openLog } from './log-file.mjs';
import { Failure, Interrupted } from './terminal.mjs';

const readyWithinMs = 60_000;
const pollMs = 20;

/**
 * @typedef {object} Server
 * @property {number} pid
 * @property {Promise<number>} ended its exit code
 * @property {(readyz: string, signal: AbortSignal) => Promise<void>} becomesReady
 * @property {() => Promise<number>} stop lets it drain; calling it again makes it leave at once
 */

/**
 * Starts the built server in a session of its own: Ctrl-C must reach it once, from us, or it would take the
 * terminal's and ours for two and drop its requests.
 *
 * @param {NodeJS.ProcessEnv} env
 * @param {{ logFile: string | null }} options null: it writes to the terminal
 * @returns {Server}
 */
export function startServer(env, { logFile }) {
  const log = logFile === null ? null : openLog(logFile);
  const child = spawn(node, [join(clone, 'dist', 'main.js')], {
    cwd: clone,
    env,
    detached: true,
    stdio: ['ignore', log ?? 'inherit', log ?? 'inherit'],
  });
  if (log !== null) closeSync(log);
  const ended = new Promise((resolve) => {
    child.once('error', () => resolve(1));
    child.once('exit', (code, signal) => resolve(code ?? (signal ? 1 : 0)));
  });
  return {
    pid: child.pid ?? 0,
    ended,
    becomesReady: (readyz, signal) => untilReady(readyz, ended, signal, logFile),
    stop: () => {
      child.kill('SIGTERM');
      return ended;
    },
  };
}

/**
 * @param {string} readyz
 * @param {Promise<number>} ended
 * @param {AbortSignal} signal
 * @param {string | null} logFile
 */
async function untilReady(readyz, ended, signal, logFile) {
  const giveUpAt = Date.now() + readyWithinMs;
  let exitCode = /** @type {number | undefined} */ (undefined);
  void ended.then((code) => (exitCode = code));
  for (;;) {
    const answer = await fetch(readyz).catch(() => null);
    if (answer?.ok) return;
    if (signal.aborted) throw new Interrupted();
    if (exitCode !== undefined) {
      throw new Failure(`The server ended before it was ready (exit code ${exitCode}).${said(logFile)}`, {
        exitCode: exitCode || 1,
      });
    }
    if (Date.now() > giveUpAt) {
      const last = answer ? await answer.text() : 'nothing';
      throw new Failure(`The server is not ready after ${readyWithinMs / 1000} s; ${readyz} answers: ${last}`);
    }
    await sleep(pollMs);
  }
}

/** @param {string | null} logFile */
function said(logFile) {
  return logFile === null ? '' : ` It said, in ${logFile}:\n${tail(readFileSync(logFile, 'utf8'))}`;
}
