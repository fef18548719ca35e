import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

/** What the program printed. It fails like the program does, with what that said. */
export async function run(program: string, args: readonly string[], withinMs = 120_000): Promise<string> {
  return (
    await promisify(execFile)(program, [...args], { timeout: withinMs, maxBuffer: 16 * 1024 * 1024 })
  ).stdout.trim();
}
