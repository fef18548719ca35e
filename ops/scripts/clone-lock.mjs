import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { clone, stateFolder } from './clone.mjs';
import { isRunning } from './running-process.mjs';
import { Failure, say, yellow } from './terminal.mjs';

const file = join(stateFolder, 'running.json');
const drainsWithinMs = 30_000;

/** @typedef {{ pid: number, program: string }} RunningServer `program` stands in its command line */
/** @typedef {{ start: number, server?: RunningServer }} Running */

/**
 * Makes this the one `npm start` or `npm run dev` of its clone until `release`. A server that a killed one left behind is ended first.
 * @returns {Promise<{ holds: (server: RunningServer) => void, release: () => void }>}
 */
export async function claimClone() {
  makeStateFolder();
  const earlier = read();
  if (earlier && earlier.start !== process.pid && isRunning(earlier.start, 'ops/scripts/start.mjs')) {
    throw alreadyRunning(earlier.start);
  }
  if (earlier?.server) await endOrphan(earlier.server);
  rmSync(file, { force: true });
  write({ start: process.pid }, 'wx');
  return {
    holds: ({ pid, program }) => write({ start: process.pid, server: { pid, program } }, 'w'),
    release: () => rmSync(file, { force: true }),
  };
}

/**
 * @param {Running} running
 * @param {'wx' | 'w'} flag `wx` lets one of two that start at the same moment win
 */
function write(running, flag) {
  try {
    writeFileSync(file, JSON.stringify(running), { flag });
  } catch (error) {
    if (/** @type {NodeJS.ErrnoException} */ (error).code === 'EEXIST') throw alreadyRunning(read()?.start);
    rmSync(file, { force: true });
    throw error;
  }
}

/** @param {number | undefined} pid */
function alreadyRunning(pid) {
  return new Failure(
    `Plimsoll runs in this clone already (process ${pid}).\n` +
      `  Use that one, or end it with Ctrl-C there or: kill ${pid}`,
  );
}

function makeStateFolder() {
  try {
    mkdirSync(stateFolder, { recursive: true });
    const probe = join(stateFolder, `.writable-${process.pid}`);
    writeFileSync(probe, '');
    rmSync(probe);
  } catch (cause) {
    if (/** @type {NodeJS.ErrnoException} */ (cause).code === 'ENOSPC') throw cause;
    throw new Failure(
      `No permission to write in ${stateFolder}, where npm start keeps its data.\n` +
        `  Give ${process.env.USER ?? 'this user'} write permission on ${clone}, or clone it where there is one.`,
      { cause },
    );
  }
}

/** @returns {Running | null} */
function read() {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    return null;
  }
}

/**
 * One SIGTERM only: the second would cut its draining short.
 * @param {RunningServer} server
 */
async function endOrphan({ pid, program }) {
  const killAt = Date.now() + drainsWithinMs;
  if (!isRunning(pid, program)) return;
  say(`  ${yellow('…')} an earlier npm start was killed; ending the server that it left behind (process ${pid})`);
  process.kill(pid, 'SIGTERM');
  while (isRunning(pid, program)) {
    if (Date.now() > killAt) process.kill(pid, 'SIGKILL');
    await sleep(50);
  }
}
