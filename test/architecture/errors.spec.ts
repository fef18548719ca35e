import { glob, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ErrorRow } from '../../src/platform/http/problems/domain-error.js';
import { root } from './planted-tree.js';

async function rowsOfTheCode(): Promise<ErrorRow[]> {
  const rows: ErrorRow[] = [];
  for await (const file of glob('src/**/*.errors.ts', { cwd: root })) {
    const exported = Object.values((await import(join(root, file))) as Record<string, unknown>);
    const tables = exported.filter((value): value is Record<string, ErrorRow> => typeof value === 'object');
    rows.push(...tables.flatMap((table) => Object.values(table)));
  }
  return rows;
}

async function rowsOfThePage(): Promise<{ code: string; status: number; title: string }[]> {
  const page = await readFile(join(root, 'docs/errors.md'), 'utf8');
  return [...page.matchAll(/^\| `([a-z-]+)` \| (\d{3}) \| (.+) \|$/gm)].map(([, code, status, title]) => ({
    code: String(code),
    status: Number(status),
    title: String(title),
  }));
}

const byCode = (one: { code: string }, other: { code: string }) => (one.code < other.code ? -1 : 1);

describe('the tables of errors', () => {
  it('are what docs/errors.md says, row by row', async () => {
    const code = (await rowsOfTheCode()).map((row) => ({ code: row.code, status: row.status, title: row.title }));
    expect((await rowsOfThePage()).sort(byCode)).toEqual(code.sort(byCode));
  });

  it('use a code once, so that a client can tell problems apart', async () => {
    const codes = (await rowsOfTheCode()).map(({ code }) => code);
    expect(codes.length).toBeGreaterThan(0);
    expect(new Set(codes).size).toBe(codes.length);
  });
});
