import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { eventually } from '../support/eventually.js';

export const program = fileURLToPath(new URL('../../dist/cli/main.js', import.meta.url));

/** Far more than any deployment here takes, on a slow machine too. */
const WITHIN_MS = 150_000;

export interface Ended {
  readonly code: number | null;
  readonly out: string;
  readonly errors: string;
  /** What `--json` said, an object a line. */
  readonly said: readonly Record<string, unknown>[];
}

/** `plimsoll` as the process that it is. */
export class Command {
  out = '';
  errors = '';
  readonly ended: Promise<Ended>;

  private constructor(readonly child: ChildProcess) {
    child.stdout?.setEncoding('utf8').on('data', (text: string) => (this.out += text));
    child.stderr?.setEncoding('utf8').on('data', (text: string) => (this.errors += text));
    this.ended = once(child, 'close').then(([code]) => {
      const { out, errors } = this;
      return { code: code as number | null, out, errors, said: this.said };
    });
  }

  static start(args: readonly string[], settings: Readonly<Record<string, string>>, cwd: string): Command {
    const env = { PATH: process.env['PATH'], NO_COLOR: '1', PLIMSOLL_RETRY_SECONDS: '10', ...settings };
    return new Command(spawn(process.execPath, [program, ...args], { cwd, env, stdio: ['ignore', 'pipe', 'pipe'] }));
  }

  /** Whole lines so far. */
  get said(): Record<string, unknown>[] {
    if (!this.out.startsWith('{')) return [];
    const lines = this.out.split('\n').slice(0, -1);
    return lines.map((line) => JSON.parse(line) as Record<string, unknown>);
  }

  /** Waits until it has said a line like this one; fails with all that it said once it ends without. */
  untilSaid(like: object): Promise<void> {
    const isLike = (one: Record<string, unknown>) => Object.entries(like).every(([key, value]) => one[key] === value);
    return this.#until(() => this.said.some(isLike), JSON.stringify(like));
  }

  /** Waits until it has printed this. */
  untilPrinted(text: RegExp): Promise<void> {
    return this.#until(() => text.test(this.out), String(text));
  }

  async #until(isSo: () => boolean, what: string): Promise<void> {
    await eventually(() => {
      const isOver = this.child.exitCode !== null || this.child.signalCode !== null;
      const isFound = isSo();
      if (!isFound && !isOver) throw new Error(`it has not said ${what}`);
      if (!isFound) throw new Error(`It ended without ${what}:\n${this.out}${this.errors}`);
    }, WITHIN_MS);
  }
}
