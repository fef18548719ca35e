import { run } from './child-process.mjs';
import { clone, node } from './clone.mjs';
import { ensureInstalled } from './installation.mjs';
import { listenForInterruption } from './interruption.mjs';

/**
 * The checks are TypeScript and run on the Node that the lock file brings; this one makes sure that it is there.
 * @param {string[]} args
 * @returns {Promise<number>} exit code
 */
export async function main(args) {
  const { signal } = listenForInterruption();
  await ensureInstalled(signal);
  const { exitCode } = await run(node, ['ops/checks/main.ts', ...args], { cwd: clone, stdio: 'inherit', signal });
  return exitCode;
}
