import { stripVTControlCharacters, styleText } from 'node:util';

// Without colours where NO_COLOR, or what reads the output, wants none.
export const bold = (text: string): string => styleText('bold', text, { stream: process.stdout });
export const dim = (text: string): string => styleText('dim', text, { stream: process.stdout });
export const red = (text: string): string => styleText('red', text, { stream: process.stdout });
export const green = (text: string): string => styleText('green', text, { stream: process.stdout });
export const yellow = (text: string): string => styleText('yellow', text, { stream: process.stdout });

interface Release {
  readonly digest: string;
  readonly version: string;
}

/** `1.4.2 (0f1e2d3c4b5a)` */
export function releaseText(release: Release | null): string {
  return release ? `${release.version} ${dim(`(${shortDigest(release.digest)})`)}` : '–';
}

export function shortDigest(digest: string): string {
  return digest.replace(/^sha256:/, '').slice(0, 12);
}

/** Columns under each other, two spaces apart. */
export function table(rows: readonly (readonly string[])[]): string[] {
  const widths: number[] = [];
  for (const row of rows) for (const [i, cell] of row.entries()) widths[i] = Math.max(widths[i] ?? 0, widthOf(cell));
  return rows.map((row) =>
    row
      .map((cell, i) => (i === row.length - 1 ? cell : cell + ' '.repeat(widths[i]! - widthOf(cell))))
      .join('  ')
      .trimEnd(),
  );
}

const widthOf = (cell: string): number => stripVTControlCharacters(cell).length;

/** `3 min ago`, `in 2 h` */
export function relative(time: string | null, now = Date.now()): string {
  if (time === null) return '–';
  const ms = Date.parse(time) - now;
  const text = duration(Math.abs(ms));
  return ms < 0 ? `${text} ago` : `in ${text}`;
}

export function duration(ms: number): string {
  const seconds = Math.round(ms / 1000);
  if (seconds < 120) return `${seconds} s`;
  if (seconds < 120 * 60) return `${Math.round(seconds / 60)} min`;
  if (seconds < 48 * 3600) return `${Math.round(seconds / 3600)} h`;
  return `${Math.round(seconds / 86_400)} d`;
}

const states: Readonly<Record<string, (text: string) => string>> = {
  promoted: green,
  rejected: red,
  failed: red,
  on_hold: yellow,
  verifying: yellow,
  in_progress: yellow,
  promote: green,
  rollback: red,
  hold: yellow,
};

export function stateText(state: string): string {
  return (states[state] ?? ((text: string) => text))(state);
}
