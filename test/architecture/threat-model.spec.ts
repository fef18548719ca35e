import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { root } from './planted-tree.js';

const page = await readFile(join(root, 'docs/explanation/threat-model.md'), 'utf8');
const [, threats = ''] = page.split('## Attacks and answers');
const rows = threats
  .split('\n## ')[0]!
  .split('\n')
  .filter((line) => line.startsWith('| a') || line.startsWith('| who') || line.startsWith('| an'))
  .filter((line) => !line.startsWith('| who |'));

describe('a threat', () => {
  it('is told of by who, what, answer and test', () => {
    expect(rows.length).toBeGreaterThan(20);
    expect(rows.filter((row) => row.split(' | ').length !== 4)).toEqual([]);
  });

  it.each(rows.map((row) => [row.slice(2, 90), row]))('is answered by a test that there is: %s', async (_row, row) => {
    const [, file = '', title = ''] = /\| `(\S+\.spec\.ts)`: "(.+)" \|$/.exec(row) ?? [];
    expect(title).not.toBe('');
    expect(await readFile(join(root, file), 'utf8')).toContain(title);
  });
});
