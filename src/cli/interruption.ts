import { exitCodes } from './exit-codes.js';

const EXIT_INTERRUPTED = exitCodes.interrupted.code;

/**
 * Signals, and a reader that goes away. The first signal aborts; the second one ends the process, unless work is under
 * way that must not be cut off: a host is never left half changed by Ctrl-C, a closed terminal, or `| head`.
 */
export class Interruption {
  readonly #aborting = new AbortController();
  #held = 0;

  get signal(): AbortSignal {
    return this.#aborting.signal;
  }

  watch(): void {
    for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(name, () => this.#interrupt());
    process.stdout.on('error', (error: NodeJS.ErrnoException) => this.#onReaderGone(error));
    process.stderr.on('error', (error: NodeJS.ErrnoException) => this.#onReaderGone(error));
  }

  /** Nothing but kill -9 ends the process while this goes on. */
  async unbroken<Value>(work: () => Promise<Value>): Promise<Value> {
    this.#held += 1;
    try {
      return await work();
    } finally {
      this.#held -= 1;
    }
  }

  #interrupt(): void {
    if (this.signal.aborted && this.#held === 0) process.exit(EXIT_INTERRUPTED);
    if (this.signal.aborted) {
      process.stderr.write('Wait: each host is brought to one of the two versions.\n');
    }
    this.#aborting.abort();
  }

  /** `plimsoll history | head`, or a terminal that was closed. */
  #onReaderGone(error: NodeJS.ErrnoException): void {
    if (this.#held > 0) return;
    if (error.code === 'EPIPE') process.exit(process.exitCode ?? 0);
    throw error;
  }
}
