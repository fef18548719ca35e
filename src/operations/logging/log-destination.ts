import { fstatSync } from 'node:fs';
import { Socket } from 'node:net';
import type { Writable } from 'node:stream';

/** What may wait for a reader that is slow or stuck. Beyond it lines are dropped and counted. */
const MOST_HELD_CHARACTERS = 8 * 1024 * 1024;
/** One write for many lines: a write for each would cost more than making the line. */
const PASSED_AFTER_MS = 10;

/** Where log lines go: many in one write, never waiting for whoever reads them. */
export class LogDestination {
  #lines = '';
  #isScheduled = false;
  #isBroken = false;
  #isWatched = false;
  #dropped = 0;

  constructor(
    private readonly stream: Writable,
    /** Given one or more whole lines. */
    private readonly prepare: (lines: string) => string = (lines) => lines,
  ) {}

  /** Lines that nobody will ever read. */
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

  /** Resolves when everything was taken by the reader, or when the time is up. */
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
      // Whoever read the log is gone. The service goes on without.
      this.stream.on('error', () => (this.#isBroken = true));
      this.#isWatched = true;
    }
    const lines = this.prepare(this.#lines);
    this.#lines = '';
    this.stream.write(lines, onTaken);
  }
}

/** Standard output, such that a reader who does not read blocks nothing: Node's own writes to a pipe can. */
export function standardOutput(): Writable {
  const stat = fstatSync(1);
  const isPipe = stat.isFIFO() || stat.isSocket();
  return isPipe ? new Socket({ fd: 1, readable: false, writable: true }) : process.stdout;
}
