import { glob } from 'node:fs/promises';
import { join } from 'node:path';
import type { ErrorRow } from '../../src/platform/http/problems/domain-error.js';
import { root } from './planted-tree.js';

/** The rows of the tables of errors of every feature. */
export async function errorRows(): Promise<ErrorRow[]> {
  const rows: ErrorRow[] = [];
  for await (const file of glob('src/**/*.errors.ts', { cwd: root })) {
    const exported = Object.values((await import(join(root, file))) as Record<string, unknown>);
    const tables = exported.filter((value): value is Record<string, ErrorRow> => typeof value === 'object');
    rows.push(...tables.flatMap((table) => Object.values(table)));
  }
  return rows;
}
