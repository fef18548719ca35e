import { join } from 'node:path';
import { run } from '../scripts/child-process.mjs';
import { clone } from '../scripts/clone.mjs';
import { Fault } from './fault.ts';

/** Runs a program that npm installed; its output is the fault. */
export async function tool(name: string, ...args: string[]): Promise<string> {
  return await program(join(clone, 'node_modules', '.bin', name), ...args);
}

export async function program(path: string, ...args: string[]): Promise<string> {
  const { exitCode, output } = await run(path, args, { cwd: clone });
  if (exitCode !== 0) throw new Fault(output || `${path} ended with exit code ${exitCode}`);
  return output;
}

/** The files that git knows, and those that it will know with the next commit. */
export async function treeFiles(...patterns: string[]): Promise<string[]> {
  const args = ['ls-files', '--cached', '--others', '--exclude-standard', '--', ...patterns];
  const { output } = await run('git', args, { cwd: clone, stdio: ['ignore', 'pipe', 'ignore'] });
  return output.split('\n').filter((path) => path !== '');
}
