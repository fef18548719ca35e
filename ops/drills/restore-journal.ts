import { readFile } from 'node:fs/promises';

export interface Write {
  readonly slug: string;
  readonly sentAt: number;
  readonly acknowledgedAt: number;
}

/** What a client was told, by its own clock. */
export interface Journal {
  readonly writes: readonly Write[];
  readonly reads: readonly { readonly at: number; readonly ms: number }[];
}

export async function readJournal(path: string): Promise<Journal> {
  const lines = (await readFile(path, 'utf8')).trim().split('\n');
  const rows = lines.map((line) => line.split(' '));
  return {
    writes: rows
      .filter(([kind]) => kind === 'write')
      .map(([, slug = '', sentAt, at]) => ({ slug, sentAt: Number(sentAt), acknowledgedAt: Number(at) })),
    reads: rows.filter(([kind]) => kind === 'read').map(([, at, ms]) => ({ at: Number(at), ms: Number(ms) })),
  };
}

/** In ms, of the reads that began in this time. */
export function p99({ reads }: Journal, from: number, to: number): number {
  const sorted = reads.filter(({ at }) => at >= from && at < to).map(({ ms }) => ms);
  sorted.sort((one, other) => one - other);
  return sorted[Math.ceil(sorted.length * 0.99) - 1] ?? 0;
}

/** Acknowledged, and not in the ledger that was restored. */
export const lost = ({ writes }: Journal, there: ReadonlySet<string>) => writes.filter(({ slug }) => !there.has(slug));
