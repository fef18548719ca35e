import type { IncomingMessage } from 'node:http';

const NEWLINE = 0x0a;
const FIRST_BYTES = 4096;

/** A line of the body, from 1; null where it is longer than a line may be. */
export interface IncomingLine {
  readonly number: number;
  readonly bytes: Buffer | null;
}

/** Cuts what comes into lines. Of a line that is too long nothing is held but that it is so. */
export class LineCutter {
  private number = 1;
  private rest = Buffer.alloc(0);
  private length = 0;
  private isTooLong = false;

  constructor(private readonly most: number) {}

  /** The lines that end in this chunk. Their bytes are good until the next one comes. */
  cut(chunk: Buffer): IncomingLine[] {
    const lines: IncomingLine[] = [];
    let from = 0;
    for (let end = chunk.indexOf(NEWLINE); end !== -1; end = chunk.indexOf(NEWLINE, from)) {
      lines.push(this.line(chunk.subarray(from, end)));
      from = end + 1;
    }
    this.keep(chunk.subarray(from));
    return lines;
  }

  /** What stands behind the last line break. */
  end(): IncomingLine[] {
    return this.length > 0 || this.isTooLong ? [this.line(Buffer.alloc(0))] : [];
  }

  private line(last: Buffer): IncomingLine {
    const isWhole = this.length === 0 && !this.isTooLong && last.length <= this.most;
    if (!isWhole) this.keep(last);
    // A copy: the buffer is used again for the next line.
    const kept = this.isTooLong ? null : Buffer.from(this.rest.subarray(0, this.length));
    const bytes = isWhole ? last : kept;
    [this.length, this.isTooLong] = [0, false];
    return { number: this.number++, bytes };
  }

  /** The buffer grows with what comes: chunks of one byte each cost no more than large ones. */
  private keep(part: Buffer): void {
    if (this.isTooLong || this.length + part.length > this.most) {
      [this.length, this.isTooLong] = [0, true];
      return;
    }
    const wanted = this.length + part.length;
    if (wanted > this.rest.length) {
      const larger = Buffer.allocUnsafeSlow(Math.min(this.most, Math.max(FIRST_BYTES, 2 * wanted)));
      this.rest.copy(larger, 0, 0, this.length);
      this.rest = larger;
    }
    part.copy(this.rest, this.length);
    this.length = wanted;
  }
}

/** Nothing more has come of a body that was not at its end. */
export class SilentSender extends Error {
  constructor(idleMs: number) {
    super(`Nothing of the body came for ${idleMs / 1000} s.`);
  }
}

export interface Patience {
  readonly mostBytes: number;
  readonly idleMs: number;
  /** Ends the reading at once, with its reason. */
  readonly signal: AbortSignal;
}

/**
 * The lines of a body as they come, some at a time; no more is read before these are asked for. The request stays usable
 * for an answer when the reader leaves early. @throws SilentSender when nothing comes for `idleMs`.
 */
export async function* incomingLines(
  request: IncomingMessage,
  { mostBytes, idleMs, signal }: Patience,
): AsyncGenerator<IncomingLine[]> {
  const cutter = new LineCutter(mostBytes);
  const chunks = request.iterator({ destroyOnReturn: false });
  const { promise: aborted, reject } = Promise.withResolvers<never>();
  aborted.catch(() => undefined);
  const abort = (): void => reject(signal.reason as Error);
  signal.addEventListener('abort', abort);
  if (signal.aborted) abort();
  try {
    for (;;) {
      const idle = setTimeout(() => reject(new SilentSender(idleMs)), idleMs);
      const next = await Promise.race([chunks.next(), aborted]).finally(() => clearTimeout(idle));
      if (next.done) break;
      yield cutter.cut(next.value as Buffer);
    }
    yield cutter.end();
  } finally {
    signal.removeEventListener('abort', abort);
  }
}
