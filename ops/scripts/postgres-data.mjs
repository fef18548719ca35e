import { randomBytes } from 'node:crypto';
import { lstat, mkdir, mkdtemp, readFile, readlink, rename, rm, stat, symlink } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { run, tail } from './child-process.mjs';
import { freePort } from './ports.mjs';
import { databaseOwner, handOver, isReachable, makeDatabaseFolder, reachableHome } from './postgres-binaries.mjs';
import { writePrivately } from './private-file.mjs';
import { Failure } from './terminal.mjs';

const user = 'plimsoll';

/**
 * @typedef {object} DataRequest
 * @property {{ folder: string, major: string }} binaries
 * @property {string} clone
 * @property {string} home
 * @property {boolean} isDisposable
 * @property {AbortSignal} signal
 */

/**
 * The data folder kept in `home`, made if there is none yet. Beside it `database-url` keeps the password and the port.
 * @param {DataRequest} request
 */
export async function obtainData(request) {
  const place = await databasePlace(request.clone, join(request.home, 'postgres'));
  const data = join(place, 'data');
  await assertSameMajor(data, request.binaries.major);
  if (!(await stat(data).catch(() => null))) await initialise(place, request);
  return data;
}

/**
 * The folder itself, or what it links to because the database's user cannot reach the clone.
 * @param {string} clone
 * @param {string} folder
 */
async function databasePlace(clone, folder) {
  if ((await lstat(folder).catch(() => null))?.isSymbolicLink()) {
    const place = await readlink(folder);
    await makeDatabaseFolder(place);
    return place;
  }
  await makeDatabaseFolder(folder);
  if (isReachable(folder)) return folder;
  await mkdir(reachableHome, { recursive: true, mode: 0o755 });
  const place = await mkdtemp(join(reachableHome, `${basename(clone)}-`));
  await makeDatabaseFolder(place);
  await rm(folder, { recursive: true });
  await symlink(place, folder);
  return place;
}

/**
 * @param {string} data
 * @param {string} major
 */
async function assertSameMajor(data, major) {
  const found = (await readFile(join(data, 'PG_VERSION'), 'utf8').catch(() => major)).trim();
  if (found === major) return;
  const place = dirname(data);
  throw new Failure(
    `${data} holds the data of PostgreSQL ${found}, and this Plimsoll runs PostgreSQL ${major}. Nothing was changed.\n` +
      `  To keep the data, go back to the Plimsoll that wrote it, dump it there and load the dump here.\n` +
      `  To begin anew: mv ${place} ${place}-${found}`,
  );
}

/**
 * Builds the folder under another name and renames it last, so that a start cut short leaves no half-made database.
 * @param {string} place
 * @param {DataRequest} request
 */
async function initialise(place, { binaries, home, isDisposable, signal }) {
  const unfinished = join(place, 'data.unfinished');
  const passwordFile = join(place, 'password');
  const password = randomBytes(24).toString('base64url');
  await rm(unfinished, { recursive: true, force: true });
  await writePrivately(passwordFile, password);
  await handOver(passwordFile);
  const settings = ['--username', user, '--pwfile', passwordFile, '--auth', 'scram-sha-256', '--no-instructions'];
  const locale = ['--encoding', 'UTF8', '--locale', 'C', '--locale-provider', 'builtin', '--builtin-locale', 'C.UTF-8'];
  const initdb = ['initdb', '-D', unfinished, ...settings, ...locale, ...(isDisposable ? ['--no-sync'] : [])];
  try {
    await runAsOwner(binaries.folder, initdb, { signal });
    // Single-user mode makes the database without a client, which the package does not bring.
    await runAsOwner(binaries.folder, ['postgres', '--single', '-D', unfinished, 'postgres'], {
      signal,
      input: `CREATE DATABASE ${user};\n`,
    });
    await writePrivately(
      join(home, 'database-url'),
      `postgres://${user}:${password}@127.0.0.1:${await freePort()}/${user}`,
    );
    await rename(unfinished, join(place, 'data'));
  } finally {
    await rm(passwordFile, { force: true });
    await rm(unfinished, { recursive: true, force: true });
  }
}

/**
 * @param {string} folder
 * @param {string[]} command
 * @param {import('./child-process.mjs').RunOptions} options
 */
async function runAsOwner(folder, [program, ...args], options) {
  const settings = { ...options, ...databaseOwner, cwd: '/', env: postgresEnvironment };
  const { exitCode, output } = await run(join(folder, 'bin', String(program)), args, settings).catch(cannotRun);
  if (exitCode !== 0) throw new Failure(`The embedded PostgreSQL could not be set up:\n${tail(output)}`);
}

/**
 * @param {unknown} cause
 * @returns {never}
 */
function cannotRun(cause) {
  if (cause instanceof Failure) throw cause;
  throw new Failure(
    `The embedded PostgreSQL does not run on this machine (${/** @type {Error} */ (cause).message}).\n` +
      `  Set DATABASE_URL to a PostgreSQL 18 that it can reach and run this again.`,
    { cause },
  );
}

/** Nothing of the caller's: PGPORT, PGDATA and their like would change what is started. */
export const postgresEnvironment = { LC_ALL: 'C', TZ: 'UTC', PATH: '/usr/bin:/bin' };
