import { spawn } from 'node:child_process';
import { closeSync } from 'node:fs';
import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { tail } from './child-process.mjs';
import { openLog } from './log-file.mjs';
import { freePort, portError } from './ports.mjs';
import { databaseOwner, postgresBinaries } from './postgres-binaries.mjs';
import { obtainData, postgresEnvironment } from './postgres-data.mjs';
import { readPidFile, runningPostmaster, stopPostmaster } from './postmaster.mjs';
import { writePrivately } from './private-file.mjs';
import { Failure, Interrupted } from './terminal.mjs';

const pollMs = 10;
/** Children of a killed postmaster hold its shared memory until they notice. */
const crashedLeaveWithinMs = 15_000;

const alwaysSet = ['-c', 'listen_addresses=127.0.0.1', '-c', 'unix_socket_directories='];
/** A test run's database is thrown away: it need not survive a crash. */
const disposable = ['fsync=off', 'synchronous_commit=off', 'full_page_writes=off', 'max_connections=200'];

/**
 * @typedef {object} EmbeddedPostgres
 * @property {string} url of the database `plimsoll`, password included
 * @property {string} urlFile the file that keeps it, mode 0600
 * @property {string} version
 * @property {string} data where the data really lies
 * @property {boolean} wasRunning whether an earlier caller was killed and left it running
 * @property {() => Promise<void>} stop
 *
 * @typedef {object} EmbeddedPostgresOptions
 * @property {string} clone whose node_modules hold the programs
 * @property {string} home the folder to keep everything in
 * @property {boolean} [isDisposable] fast instead of durable
 * @property {AbortSignal} signal
 */

/**
 * Starts PostgreSQL on the data kept in `home`, which the first call makes.
 *
 * It runs in a session of its own: neither Ctrl-C nor the death of this process takes it from a server that still
 * drains, so whoever calls this stops it. One that an earlier caller left running is gone on with, one that crashed
 * recovers.
 *
 * @param {EmbeddedPostgresOptions} options
 * @returns {Promise<EmbeddedPostgres>}
 */
export async function startEmbeddedPostgres({ clone, home, isDisposable = false, signal }) {
  const binaries = await postgresBinaries(clone);
  await mkdir(home, { recursive: true });
  const data = await obtainData({ binaries, clone, home, isDisposable, signal });
  const running = await settled(data, signal);
  const url = await currentUrl(join(home, 'database-url'), running?.port);
  const program = join(binaries.folder, 'bin', 'postgres');
  const settings = [...alwaysSet, ...(isDisposable ? disposable.flatMap((setting) => ['-c', setting]) : [])];
  const pid =
    running?.pid ?? (await launch(program, ['-D', data, '-p', url.port, ...settings], { data, home, signal }));
  return {
    url: url.href,
    urlFile: join(home, 'database-url'),
    version: binaries.version.replace(/\.0-.*/, ''),
    data,
    wasRunning: running !== null,
    stop: () => stopPostmaster(pid),
  };
}

/**
 * A postmaster that is found starting or stopping is waited for.
 * @param {string} data
 * @param {AbortSignal} signal
 */
async function settled(data, signal) {
  for (;;) {
    const postmaster = runningPostmaster(data);
    if (postmaster === null || postmaster.status === 'ready') return postmaster;
    if (signal.aborted) throw new Interrupted();
    await sleep(pollMs);
  }
}

/**
 * The kept URL. Its port moves if it belongs to something else by now: nothing outside knows it.
 * @param {string} file
 * @param {number | undefined} runningPort
 */
async function currentUrl(file, runningPort) {
  const text = await readFile(file, 'utf8').catch((cause) => {
    throw new Failure(
      `${file} is missing; it holds the password of the database beside it.\n` +
        `  Put it back, or begin anew by moving the folder "postgres" there away.`,
      { cause },
    );
  });
  const url = new URL(text.trim());
  const kept = url.port;
  if (runningPort !== undefined) url.port = String(runningPort);
  else if (await portError(Number(url.port), '127.0.0.1')) url.port = String(await freePort());
  if (url.port !== kept) await writePrivately(file, url.href);
  return url;
}

/**
 * @param {string} program
 * @param {string[]} args
 * @param {{ data: string, home: string, signal: AbortSignal }} context
 * @returns {Promise<number>} the process number of a postmaster that accepts connections
 */
async function launch(program, args, { data, home, signal }) {
  const giveUpAt = Date.now() + crashedLeaveWithinMs;
  for (;;) {
    const logFile = join(home, 'postgres.log');
    const log = openLog(logFile);
    const child = spawn(program, args, {
      ...databaseOwner,
      cwd: '/',
      env: postgresEnvironment,
      detached: true,
      stdio: ['ignore', log, log],
    });
    closeSync(log);
    child.unref();
    if (await becomesReady(child, data, signal)) return /** @type {number} */ (child.pid);
    const said = await readFile(logFile, 'utf8');
    if (!said.includes('shared memory block') || Date.now() > giveUpAt) {
      throw new Failure(`The embedded PostgreSQL did not start. It said, in ${logFile}:\n${tail(said)}`);
    }
    await sleep(100);
  }
}

/**
 * @param {import('node:child_process').ChildProcess} child
 * @param {string} data
 * @param {AbortSignal} signal
 */
async function becomesReady(child, data, signal) {
  while (child.exitCode === null && child.signalCode === null) {
    const postmaster = readPidFile(data);
    if (postmaster?.pid === child.pid && postmaster?.status === 'ready') return true;
    if (signal.aborted) {
      await stopPostmaster(Number(child.pid));
      throw new Interrupted();
    }
    await sleep(pollMs);
  }
  return false;
}
