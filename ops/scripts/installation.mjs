import { statfs, stat } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { run } from './child-process.mjs';
import { clone, node } from './clone.mjs';
import { Failure, say, yellow } from './terminal.mjs';

const newest = 26;
/** node_modules, the build and a young database, with some room. */
const neededMiB = 1200;

/**
 * Installs what the lock file says, unless npm's own marker is at least as new as the lock file.
 * @param {AbortSignal} signal
 */
export async function ensureInstalled(signal) {
  if (!(await isInstalled())) await install(signal);
  await assertNode();
}

async function isInstalled() {
  const [installedMs, lockedMs] = await Promise.all(
    ['node_modules/.package-lock.json', 'package-lock.json'].map(
      async (file) => (await stat(join(clone, file)).catch(() => null))?.mtimeMs ?? 0,
    ),
  );
  return Number(installedMs) >= Number(lockedMs);
}

/** @param {AbortSignal} signal */
async function install(signal) {
  await assertSpace();
  say(`  ${yellow('…')} installing packages with npm ci; this takes half a minute or so, once`);
  // Its warnings are about this machine's older Node, on which nothing of it will run.
  const args = ['ci', '--no-audit', '--no-fund', '--loglevel=error', '--fetch-retry-maxtimeout=15000'];
  const { exitCode } = await run('npm', args, {
    cwd: clone,
    signal,
    // Asked politely it takes half a minute to take back what it began. What it leaves has no marker and is replaced.
    stopSignal: 'SIGKILL',
    env: { ...process.env, PATH: pathOfTheMachine() },
    stdio: ['ignore', 'inherit', 'inherit'],
  }).catch(cannotRun);
  if (exitCode === 0) return;
  throw new Failure(
    `npm ci ended with exit code ${exitCode}; what it says is above. Nothing was started.\n` +
      `  It needs the package registry once. Run this again when it is in reach.`,
  );
}

/**
 * @param {NodeJS.ErrnoException} cause
 * @returns {never}
 */
function cannotRun(cause) {
  if (cause.code !== 'ENOENT') throw cause;
  throw new Failure('There is no npm on the PATH; it comes with Node.', { cause });
}

/** npm must not run on the Node that it is about to replace. */
function pathOfTheMachine() {
  const entries = (process.env.PATH ?? '').split(delimiter);
  return entries.filter((entry) => !entry.startsWith(join(clone, 'node_modules'))).join(delimiter);
}

async function assertSpace() {
  const { bavail, bsize } = await statfs(clone);
  const freeMiB = Math.floor((bavail * bsize) / 2 ** 20);
  if (freeMiB >= neededMiB) return;
  throw new Failure(
    `The disk of ${clone} has ${freeMiB} MiB left, and the installation needs ${neededMiB}. Nothing was changed.`,
  );
}

async function assertNode() {
  const { exitCode, output } = await run(node, ['--version']).catch(() => ({ exitCode: 1, output: 'missing' }));
  if (exitCode === 0 && Number.parseInt(output.slice(1), 10) >= newest) return;
  throw new Failure(
    `node_modules/.bin/node should be Node ${newest} and is ${output}.\n` +
      `  Packages for it exist for Linux (x64, arm64) and macOS (arm64), as optional dependencies.\n` +
      `  Remove node_modules and run this again; npm's setting "omit=optional" would leave it out.`,
  );
}
