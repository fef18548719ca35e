import { join } from 'node:path';

import { fileURLToPath } from 'node:url';
import { run } from './stack.mjs';

const root = fileURLToPath(new URL('../..', import.meta.url));

interface Look {
  faultsOfSite(below: string, mostOfGroup: number): Promise<string[]>;
}

/** Beside the containers, since Chromium is there; it needs none of them. */
describe('the site of the documentation', () => {
  it('is built from docs/ as it lies, without a dead link', async () => {
    expect(await run('npm', ['run', 'docs:site'], { timeoutMs: 900_000 })).toContain('The site is in');
  });

  // Two of each group, since all take minutes: npm run docs:look looks at the others every night.
  it('is without errors, serious faults of accessibility and overflow on a phone and a desktop, and its search finds', async () => {
    // By path: ops has a TypeScript configuration of its own.
    const { faultsOfSite } = (await import(join(root, 'ops/site/look/look.ts'))) as Look;
    expect(await faultsOfSite('/', 2)).toEqual([]);
  });
});
