import { open, readFile, rename, rm, stat, truncate, writeFile } from 'node:fs/promises';
import { CommandFailure } from '../command-failure.js';
import type { Part, Place } from './ledger-lines.js';

interface Progress {
  readonly url: string;
  readonly bytes: number;
  readonly next: Place;
}

/** Somewhere to write parts to. */
export interface ExportTarget {
  readonly place: Place;
  write(part: Part): Promise<void>;
  close(): Promise<void>;
}

/**
 * Writes to `PATH.part`, and beside it how far that is good; whoever was interrupted goes on there. The file itself
 * appears when all is in it.
 */
export async function exportFile(path: string, url: string): Promise<ExportTarget> {
  const [part, progress] = [`${path}.part`, `${path}.progress`];
  const known = await readProgress(progress, part, url);
  if (known) await truncate(part, known.bytes);
  const file = await open(part, known ? 'a' : 'w');
  let bytes = known?.bytes ?? 0;
  return {
    place: known?.next ?? { list: 0 },
    write: async ({ lines, next }) => {
      bytes += (await file.write(textOf(lines))).bytesWritten;
      await file.datasync();
      await writeFile(`${progress}.new`, JSON.stringify({ url, bytes, next } satisfies Progress));
      await rename(`${progress}.new`, progress);
    },
    close: async () => {
      await file.close();
      await rename(part, path);
      await rm(progress, { force: true });
    },
  };
}

export function textOf(lines: readonly object[]): string {
  return lines.map((line) => `${JSON.stringify(line)}\n`).join('');
}

async function readProgress(path: string, part: string, url: string): Promise<Progress | null> {
  const text = await readFile(path, 'utf8').catch(() => null);
  if (text === null) return null;
  const size = await stat(part).then(
    (found) => found.size,
    () => 0,
  );
  const progress = JSON.parse(text) as Progress;
  if (progress.url === url && size >= progress.bytes) return progress;
  throw new CommandFailure('usage', `${path} is of an export of ${progress.url}, or of a file that is gone.`, {
    mend: `Remove ${path} to begin anew.`,
  });
}
