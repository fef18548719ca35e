import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { LEASE_MS } from '../../src/delivery/gates/store/engine-lease.js';
import { root } from './planted-tree.js';

const pageOf = (path: string) => readFile(join(root, path), 'utf8');

/** Those that a newcomer follows without containers. */
const pages = ['README.md', 'CONTRIBUTING.md', 'docs/how-to/migrate.md', 'docs/how-to/run-with-your-own-postgresql.md'];

interface Packages {
  scripts: Record<string, string>;
}

describe('the pages', () => {
  it.each(['docs/explanation/architecture.md', 'docs/reference/gate.md'])(
    '%s knows the lease of an engine',
    async (page) => {
      expect(await pageOf(page)).toMatch(new RegExp(`lease [^.]*\\b${LEASE_MS / 1000} s\\b`));
    },
  );

  it('print no npm script that there is not', async () => {
    const { scripts } = JSON.parse(await pageOf('package.json')) as Packages;
    const known = new Set([...Object.keys(scripts), 'ci']);
    for (const page of pages) {
      const printed = [...(await pageOf(page)).matchAll(/(?:`|^)npm (?:run )?([a-z:]+)/gm)].map(
        ([, name = '']) => name,
      );
      expect(printed.filter((name) => !known.has(name))).toEqual([]);
    }
  });

  it('print no program that the Node of a newcomer cannot run, where no container runs it', async () => {
    for (const page of pages) {
      const blocks = [...(await pageOf(page)).matchAll(/^```(?:sh|bash)\n(.*?)^```$/gms)].map(([, text = '']) => text);
      expect(blocks.filter((text) => /^node dist/m.test(text))).toEqual([]);
    }
  });
});
