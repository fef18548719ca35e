import { spawn } from 'node:child_process';
import { closeSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { tail } from './child-process.mjs';
import { clone, node } from './clone.mjs';
import { openLog } from './log-file.mjs';
import { assertPortsFree } from './settings.mjs';
import { Failure, Interrupted } from './terminal.mjs';

const readyWithinMs = 60_000;
const pollMs = 20;

const built = [join('dist', 'main.js')];
/** Without a shell between the two: its end is not the server's, and the next server would find the ports taken. */
const watched = [join('node_modules', '@nestjs', 'cli', 'bin', 'nest.js'), 'start', '--watch', '--no-shell'];

/**
 * @typedef {object} Server
 * @property {number} pid
 * @property {string} program what its command line holds
 * @property {Promise<number>} ended its exit code
 * @property {(readyz: string, signal: AbortSignal) => Promise<void>} becomesReady
 * @property {() => Promise<number>} stop lets it drain; calling it again makes it leave at once
 */

/**
 * Starts the built server in a session of its own: Ctrl-C must reach it once, from us, or it would take the
 * terminal's and ours for two and drop its requests. With `watch` it is built and started anew whenever a file of src
 * is saved.
 *
 * @param {NodeJS.ProcessEnv} env
 * @param {{ logFile: string | null, watch?: boolean }} options null: it writes to the terminal
 * @returns {Server}
 */
export function startServer(env, { logFile, watch = false }) {
  const log = logFile === null ? null : openLog(logFile);
  const [program = '', ...args] = watch ? [...watched, '--exec', node] : built;
  const child = spawn(node, [join(clone, program), ...args], {
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
    program,
    ended,
    becomesReady: async (readyz, signal) => {
      const exitCode = await readyOrEnded(readyz, ended, signal);
      if (exitCode !== null) await explain(exitCode, env, logFile);
    },
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
 * @returns {Promise<number | null>} null, or the exit code of a server that ended first
 */
async function readyOrEnded(readyz, ended, signal) {
  const giveUpAt = Date.now() + readyWithinMs;
  let exitCode = /** @type {number | null} */ (null);
  void ended.then((code) => (exitCode = code));
  for (;;) {
    const answer = await fetch(readyz).catch(() => null);
    if (answer?.ok) return null;
    if (signal.aborted) throw new Interrupted();
    if (exitCode !== null) return exitCode;
    if (Date.now() > giveUpAt) {
      const last = answer ? await answer.text() : 'nothing';
      throw new Failure(`The server is not ready after ${readyWithinMs / 1000} s; ${readyz} answers: ${last}`);
    }
    await sleep(pollMs);
  }
}

/**
 * @param {number} exitCode
 * @param {NodeJS.ProcessEnv} env
 * @param {string | null} logFile
 * @returns {Promise<never>}
 */
async function explain(exitCode, env, logFile) {
  // Something may have taken a port since it was looked at.
  await assertPortsFree(env);
  const said = logFile === null ? '' : ` It said, in ${logFile}:\n${tail(plainly(readFileSync(logFile, 'utf8')))}`;
  throw new Failure(`The server ended before it was ready (exit code ${exitCode}).${said}`, {
    exitCode: exitCode || 1,
  });
}

/**
 * Lines of the server's log as a person reads them.
 * @param {string} log
 */
function plainly(log) {
  return log.trimEnd().split('\n').map(plainLine).join('\n');
}

/** @param {string} line */
function plainLine(line) {
  if (!line.startsWith('{')) return line;
  const { level, msg, err } = JSON.parse(line);
  return `${level}: ${msg}${err ? `: ${err.message}` : ''}`;
}
