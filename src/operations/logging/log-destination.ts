import { fstatSync } from 'node:fs';
import { Socket } from 'node:net';
import type { Writable } from 'node:stream';

/** The limit for lines that wait for a slow or stuck reader. Further lines are dropped and counted. */
const MOST_HELD_CHARACTERS = 8 * 1024 * 1024;
/** Writes many lines at once, because one write costs more than making a line. */
const PASSED_AFTER_MS = 10;

/** Writes log lines, many at once, and never waits for the reader. */
export class LogDestination {
  #lines = '';
  #isScheduled = false;
  #isBroken = false;
  #isWatched = false;
  #dropped = 0;

  constructor(
    private readonly stream: Writable,
    /** Takes one or more whole lines. */
    private readonly prepare: (lines: string) => string = (lines) => lines,
  ) {}

  /** The number of dropped lines. */
  get dropped(): number {
    return this.#dropped;
  }

  write(line: string): void {
    if (this.#isBroken || this.#held + line.length > MOST_HELD_CHARACTERS) {
      this.#dropped += 1;
      return;
    }
    this.#lines += line;
    if (this.#isScheduled) return;
    this.#isScheduled = true;
    setTimeout(() => this.#pass(), PASSED_AFTER_MS);
  }

  /** Resolves when the reader has taken everything, or when the time has passed. */
  async flush(withinMs: number): Promise<void> {
    if (this.#isBroken) return;
    const written = Promise.withResolvers<void>();
    this.#send(() => written.resolve());
    const timer = setTimeout(written.resolve, withinMs);
    await written.promise;
    clearTimeout(timer);
  }

  get #held(): number {
    return this.#lines.length + this.stream.writableLength;
  }

  #pass(): void {
    this.#isScheduled = false;
    if (!this.#isBroken && this.#lines !== '') this.#send();
  }

  #send(onTaken?: () => void): void {
    if (!this.#isWatched) {
      // The reader of the log is gone. The service continues without it.
      this.stream.on('error', () => (this.#isBroken = true));
      this.#isWatched = true;
    }
    const lines = this.prepare(this.#lines);
    this.#lines = '';
    this.stream.write(lines, onTaken);
  }
}

/** Standard output that never blocks, even if nobody reads it. Node's own writes to a pipe can block. */
export function standardOutput(): Writable {
  const stat = fstatSync(1);
  const isPipe = stat.isFIFO() || stat.isSocket();
  return isPipe ? new Socket({ fd: 1, readable: false, writable: true }) : process.stdout;
}
