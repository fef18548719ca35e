import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

/** What the program printed. It fails like the program does, with what that said. */
export async function run(program: string, args: readonly string[]): Promise<string> {
  return (
    await promisify(execFile)(program, [...args], { timeout: 120_000, maxBuffer: 16 * 1024 * 1024 })
  ).stdout.trim();
}
