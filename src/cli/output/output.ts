import { stripVTControlCharacters } from 'node:util';
import { type Ending, exitCodes } from '../exit-codes.js';
import { printable } from './printable.js';

export interface Told {
  readonly type: string;
}

type Render<Event> = (event: Event) => readonly string[];

interface Terminal {
  readonly isTTY?: boolean;
  readonly columns?: number;
  write(text: string): unknown;
}

/**
 * What a command says: text for people, with a block at the end that changes where a terminal shows it, or with
 * `--json` one object a line. Texts are rendered from the very object, so that both say the same.
 */
export class Output {
  readonly isJson: boolean;
  exitCode: number | null = null;
  private shownLines = 0;
  private lastPlain = '';

  constructor(
    { isJson }: { isJson: boolean },
    private readonly out: Terminal = process.stdout,
    private readonly errors: Terminal = process.stderr,
  ) {
    this.isJson = isJson;
  }

  get isLive(): boolean {
    return !this.isJson && this.out.isTTY === true;
  }

  /** What stays. */
  tell<Event extends Told>(event: Event, render: Render<Event>): void {
    this.lines(this.out, event, render);
  }

  /** What went wrong, for people on the other stream. */
  tellError<Event extends Told>(event: Event, render: Render<Event>): void {
    this.lines(this.isJson ? this.out : this.errors, event, render);
  }

  private lines<Event extends Told>(stream: Terminal, event: Event, render: Render<Event>): void {
    if (this.isJson) {
      stream.write(`${JSON.stringify(event)}\n`);
      return;
    }
    this.clear();
    for (const line of render(printable(event))) stream.write(`${line}\n`);
  }

  /** What is so now: on a terminal in place of what was said so before; elsewhere a line where it has changed. */
  show<Event extends Told>(
    event: Event,
    { live, plain }: { live: Render<Event>; plain: (event: Event) => string },
  ): void {
    if (!this.isLive) {
      const line = this.isJson ? JSON.stringify(event) : plain(printable(event));
      if (line !== this.lastPlain) this.out.write(`${line}\n`);
      this.lastPlain = line;
      return;
    }
    const width = this.out.columns ?? 80;
    // One row each: a line that wraps could not be found again.
    const lines = live(printable(event)).map((line) => cut(line, width));
    this.clear();
    this.out.write(lines.map((line) => `${line}\n`).join(''));
    this.shownLines = lines.length;
  }

  /** Says how it ended, and gives the exit code. */
  end(ending: Ending): number {
    const { code } = exitCodes[ending];
    this.exitCode = code;
    if (this.isJson) this.out.write(`${JSON.stringify({ type: 'end', ending, exitCode: code })}\n`);
    return code;
  }

  /** What is shown stays. */
  close(): void {
    this.shownLines = 0;
  }

  private clear(): void {
    if (this.shownLines > 0) this.out.write(`\u001b[${this.shownLines}A\u001b[J`);
    this.shownLines = 0;
  }
}

function cut(line: string, width: number): string {
  const bare = stripVTControlCharacters(line);
  return bare.length < width ? line : `${bare.slice(0, width - 2)}…`;
}
