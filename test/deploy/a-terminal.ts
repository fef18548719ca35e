import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { stripVTControlCharacters } from 'node:util';

/** A program on a terminal of its own, and what one sees there. */
export class Terminal {
  #text = '';
  readonly #child;
  readonly ended: Promise<number | null>;

  constructor(command: string, cwd: string, env: Readonly<Record<string, string | undefined>>) {
    const program = ['-q', '-e', '-c', `stty cols 100 rows 40; ${command}`, '/dev/null'];
    this.#child = spawn('script', program, { cwd, env, stdio: ['pipe', 'pipe', 'inherit'] });
    this.#child.stdout.setEncoding('utf8').on('data', (text: string) => (this.#text += text));
    this.ended = once(this.#child, 'close').then(([code]) => code as number | null);
  }

  type(text: string): void {
    this.#child.stdin.write(text);
  }

  /** All that was written to it, in its order. */
  get text(): string {
    return stripVTControlCharacters(this.#text);
  }

  /** The screen as it was at each moment at which something was drawn anew, and as it is now. */
  get screens(): string[] {
    // oxlint-disable-next-line no-control-regex -- what a terminal obeys is what is looked for
    const pieces = this.#text.replaceAll('\r', '').split(/\u001b\[(\d+)A\u001b\[J/);
    const screens: string[] = [];
    let lines = (pieces[0] ?? '').split('\n');
    for (let n = 1; n < pieces.length; n += 2) {
      screens.push(textOf(lines));
      // The cursor stands below what was drawn.
      lines = [...lines.slice(0, -1 - Number(pieces[n])), ...(pieces[n + 1] ?? '').split('\n')];
    }
    return [...screens, textOf(lines)];
  }

  get screen(): string {
    return this.screens.at(-1) ?? '';
  }
}

function textOf(lines: readonly string[]): string {
  return stripVTControlCharacters(lines.join('\n'));
}
