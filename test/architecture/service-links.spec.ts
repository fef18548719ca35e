import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { root } from './planted-tree.js';

describe('the manifest for Kubernetes', () => {
  it('asks for no variables that name the Services of its namespace', async () => {
    expect(await readFile(join(root, 'ops/kubernetes/plimsoll.yml'), 'utf8')).toMatch(
      /^ {2}enableServiceLinks: false$/m,
    );
  });
});
