import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

const program = fileURLToPath(new URL('../../dist/migrate.js', import.meta.url));

export interface MigrateRun {
  readonly code: number | null;
  readonly output: string;
}

/** `node dist/migrate.js` in a process of its own, and what comes of it. */
export interface MigrateProgram {
  readonly child: ChildProcess;
  readonly finished: Promise<MigrateRun>;
}

/** `onOutput` is given all that was written so far. */
export function startMigrate(
  databaseUrl: string,
  args: readonly string[],
  onOutput: (output: string, child: ChildProcess) => void = () => undefined,
): MigrateProgram {
  const env = { PATH: process.env['PATH'], APP_ENV: 'test', DATABASE_URL: databaseUrl };
  const child = spawn(process.execPath, [program, ...args], { env, stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => onOutput((output += text), child));
  }
  const finished = once(child, 'close').then(([code]) => ({ code: code as number | null, output }));
  return { child, finished };
}
