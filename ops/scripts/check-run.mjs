import { run } from './child-process.mjs';
import { clone, node } from './clone.mjs';
import { ensureInstalled } from './installation.mjs';
import { listenForInterruption } from './interruption.mjs';

/**
 * What lies in ops is TypeScript and runs on the Node that the lock file brings; this one makes sure that it is there.
 * @param {string[]} args
 * @param {string} program
 * @returns {Promise<number>} exit code
 */
export async function main(args, program = 'ops/checks/main.ts') {
  const { signal } = listenForInterruption();
  await ensureInstalled(signal);
  const { exitCode } = await run(node, [program, ...args], { cwd: clone, stdio: 'inherit', signal });
  return exitCode;
}
