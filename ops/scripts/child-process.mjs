import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { Interrupted } from './terminal.mjs';

/**
 * @typedef {import('node:child_process').SpawnOptions & {
 *   signal?: AbortSignal,
 *   stopSignal?: NodeJS.Signals,
 *   withDescendants?: boolean,
 *   input?: string,
 *   onLine?: (line: string) => void,
 * }} RunOptions
 * @typedef {{ exitCode: number, output: string }} Ended
 */

/**
 * Runs a program to its end; unless `stdio` says otherwise, its output is collected. `onLine` gets each line of it at
 * once.
 *
 * When `signal` aborts, the program gets `stopSignal` (SIGTERM), and `Interrupted` is thrown only after it has ended:
 * nothing that was started outlives this call. With `withDescendants` it leads a process group of its own, and all of that
 * is ended, for programs that do not end their own children.
 *
 * @param {string} command
 * @param {string[]} args
 * @param {RunOptions} [options]
 * @returns {Promise<Ended>}
 */
export async function run(
  command,
  args,
  { signal, stopSignal = 'SIGTERM', withDescendants = false, input, onLine, ...options } = {},
) {
  if (signal?.aborted) throw new Interrupted();
  /** @type {import('node:child_process').StdioOptions} */
  const stdio = [input === undefined ? 'ignore' : 'pipe', 'pipe', 'pipe'];
  const child = spawn(command, args, { stdio, detached: withDescendants, ...options });
  const stop = () => (withDescendants ? endGroup(child, stopSignal) : child.kill(stopSignal));
  signal?.addEventListener('abort', stop, { once: true });
  child.stdin?.end(input);
  const said = collect(child, onLine);
  try {
    const [code] = await once(child, 'close');
    if (signal?.aborted) throw new Interrupted();
    return { exitCode: code ?? 1, output: said().trim() };
  } finally {
    signal?.removeEventListener('abort', stop);
  }
}

/**
 * @param {import('node:child_process').ChildProcess} child
 * @param {((line: string) => void) | undefined} onLine
 * @returns {() => string} what it has said so far
 */
function collect({ stdout, stderr }, onLine) {
  let output = '';
  for (const stream of [stdout, stderr]) {
    stream?.on('data', (chunk) => (output += chunk));
    if (stream && onLine) createInterface({ input: stream }).on('line', onLine);
  }
  return () => output;
}

/**
 * @param {import('node:child_process').ChildProcess} leader
 * @param {NodeJS.Signals} signal
 */
function endGroup({ pid }, signal) {
  try {
    if (pid !== undefined) process.kill(-pid, signal);
  } catch {
    // All of it has ended by itself.
  }
}

/**
 * The last lines of a program's output, for a message.
 * @param {string} text
 */
export function tail(text, lines = 12) {
  const last = text.trimEnd().split('\n').slice(-lines);
  return last.map((line) => `  ${line}`).join('\n');
}
