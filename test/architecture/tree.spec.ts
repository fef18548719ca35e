import { execFileSync } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { root } from './planted-tree.js';

/** Written in pieces, so that this file does not hold them itself. */
const foreign = {
  'the host of a package registry': new RegExp(['registry', 'npmjs'].join('\\.')),
  'a mirror of packages': new RegExp(['"resolved"', ' "https?://'].join(':')),
  "a path of somebody's machine": new RegExp(
    `${['', 'work', '(main|shared)'].join('/')}\\b|/home/[a-z]+/|/Users/[a-z]+/`,
  ),
};

const files = execFileSync('git', ['ls-files'], { cwd: root, encoding: 'utf8' }).trim().split('\n');

describe('the tree', () => {
  it.each(Object.entries(foreign))('never mentions %s', async (_what, pattern) => {
    const texts = await Promise.all(files.map((file) => readFile(join(root, file), 'utf8').catch(() => '')));
    expect(files.filter((_, index) => pattern.test(texts[index] ?? ''))).toEqual([]);
  });
});
