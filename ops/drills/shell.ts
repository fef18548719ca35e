import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import { clone } from '../scripts/clone.mjs';
import { Failure, Interrupted } from '../scripts/terminal.mjs';

/** What commands find in the environment, beside what this process has. */
export type Environment = Record<string, string>;

const mostOutput = 64 * 1024;
const graceMs = 5000;

/** Bash in the clone, as a person would type it there. */
export class Shell {
  private readonly environment: Environment;
  private readonly signal: AbortSignal;

  constructor(environment: Environment, signal: AbortSignal) {
    this.environment = environment;
    this.signal = signal;
  }

  /** Answers what was printed. Fails, with that, on the first command that does, and after the limit. */
  async run(script: string, limitSeconds = 400): Promise<string> {
    const work = this.start(script);
    const signal = AbortSignal.any([this.signal, AbortSignal.timeout(limitSeconds * 1000)]);
    const stop = () => void work.stop();
    signal.addEventListener('abort', stop, { once: true });
    try {
      const exitCode = await work.ended;
      if (this.signal.aborted) throw new Interrupted();
      if (signal.aborted) throw new Failure(`Not done within ${limitSeconds} s: ${script}\n${work.said()}`);
      if (exitCode !== 0) throw new Failure(`Exit code ${exitCode}: ${script}\n${work.said()}`);
      return work.said();
    } finally {
      signal.removeEventListener('abort', stop);
    }
  }

  /** Leaves it running in a process group of its own, until it is told to stop. */
  start(script: string): Work {
    const child = spawn('bash', ['-euo', 'pipefail', '-c', script], {
      cwd: clone,
      env: { ...process.env, ...this.environment },
      detached: true,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let output = '';
    for (const stream of [child.stdout, child.stderr]) {
      stream.on('data', (chunk: Buffer) => (output = (output + chunk.toString()).slice(-mostOutput)));
    }
    // Not `close`: what the script has left in the background may keep the pipes.
    const ended = once(child, 'exit').then(([code]) => (code as number | null) ?? 1);
    return { ended, said: () => output.trim(), stop: () => endGroup(child.pid, ended) };
  }
}

export interface Work {
  readonly ended: Promise<number>;
  said(): string;
  stop(): Promise<void>;
}

async function endGroup(leader: number | undefined, ended: Promise<unknown>): Promise<void> {
  if (leader === undefined) return;
  signalGroup(leader, 'SIGTERM');
  await Promise.race([ended, delay(graceMs, undefined, { ref: false })]);
  signalGroup(leader, 'SIGKILL');
}

function signalGroup(leader: number, signal: NodeJS.Signals): void {
  try {
    process.kill(-leader, signal);
  } catch {
    // All of it has ended.
  }
}
