import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { errorRows } from './error-rows.js';
import { root } from './planted-tree.js';

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
    const code = (await errorRows()).map((row) => ({ code: row.code, status: row.status, title: row.title }));
    expect((await rowsOfThePage()).sort(byCode)).toEqual(code.sort(byCode));
  });

  it('use a code once, so that a client can tell problems apart', async () => {
    const codes = (await errorRows()).map(({ code }) => code);
    expect(codes.length).toBeGreaterThan(0);
    expect(new Set(codes).size).toBe(codes.length);
  });
});
