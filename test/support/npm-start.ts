import { type ChildProcess, spawn, type SpawnOptions } from 'node:child_process';
import { once } from 'node:events';
import { chmod, cp, mkdtemp, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { until } from './program.js';

const root = fileURLToPath(new URL('../..', import.meta.url));
const copied = ['ops', 'src', 'dist', 'config', 'migrations', 'package.json', 'package-lock.json', '.swcrc'];
const copiedToo = ['nest-cli.json', 'tsconfig.json', 'tsconfig.build.json'];

/** It builds, makes a database and starts a server, each of which a busy machine delays. */
export const STARTS_WITHIN_MS = 120_000;

/** A clone that is installed and built, without the half minute that this takes. */
export async function aClone(): Promise<string> {
  const clone = await mkdtemp(join(tmpdir(), 'plimsoll-clone-'));
  await chmod(clone, 0o755);
  for (const name of [...copied, ...copiedToo]) {
    await cp(join(root, name), join(clone, name), { recursive: true, preserveTimestamps: true });
  }
  await symlink(join(root, 'node_modules'), join(clone, 'node_modules'));
  return clone;
}

export type StartOptions = SpawnOptions & { args?: string[] };

/** `npm start`, without npm and without the demonstration, in a clone. */
export class Start {
  output = '';
  /** Its exit code, when all that it said has been read. */
  readonly ended: Promise<number | null>;
  /** A server that outlives it keeps its output open. */
  private readonly exited: Promise<number | null>;
  private readonly child: ChildProcess;

  constructor(clone: string, env: NodeJS.ProcessEnv, { args = ['--no-demo'], ...options }: StartOptions = {}) {
    this.child = spawn(process.execPath, [join(clone, 'ops/scripts/start.mjs'), ...args], {
      env: { PATH: process.env['PATH'], ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
      ...options,
    });
    for (const stream of [this.child.stdout, this.child.stderr]) stream?.on('data', (text) => (this.output += text));
    this.exited = once(this.child, 'exit').then(([code]) => code as number | null);
    this.ended = once(this.child, 'close').then(([code]) => code as number | null);
  }

  /** Resolves when it has said this; fails when it has ended without. */
  async says(text: string): Promise<void> {
    let hasEnded = false;
    void this.exited.then(() => (hasEnded = true));
    const said = async () => {
      if (this.output.includes(text)) return true;
      if (hasEnded) throw new Error(`It ended without saying ${text}:\n${this.output}`);
      return null;
    };
    await until(`"${text}"`, said, STARTS_WITHIN_MS);
  }

  async end(signal: NodeJS.Signals = 'SIGTERM'): Promise<number | null> {
    this.child.kill(signal);
    return await (signal === 'SIGKILL' ? this.exited : this.ended);
  }
}
