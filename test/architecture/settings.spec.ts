import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { root } from './planted-tree.js';

/** What makes an application, and what hands its parts out. */
const mayHaveAll = ['src/main.ts', 'src/operations/config/', 'src/operations/operations.module.ts'];

describe('the settings', () => {
  it('are given whole to nothing but what makes an application: a module has its own part', async () => {
    const files = (await readdir(join(root, 'src'), { recursive: true })).filter((name) =>
      /(?<!\.spec)\.ts$/.test(name),
    );
    const others = files
      .map((name) => `src/${name}`)
      .filter((name) => !mayHaveAll.some((those) => name.startsWith(those)));
    const texts = await Promise.all(
      others.map(async (name) => [name, await readFile(join(root, name), 'utf8')] as const),
    );
    expect(texts.filter(([, text]) => /\bSETTINGS\b/.test(text)).map(([name]) => name)).toEqual([]);
  });
});
