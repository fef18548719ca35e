import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { root } from './planted-tree.js';

const folder = join(root, 'docs/decisions');
const files = (await readdir(folder)).filter((name) => name !== 'README.md').toSorted();

describe('decision records', () => {
  it('exist', () => {
    expect(files).not.toHaveLength(0);
  });

  it.each(files)(
    '%s says status, context, decision, consequences and what checks it, in under 60 lines',
    async (name) => {
      const text = await readFile(join(folder, name), 'utf8');
      const parts = [...text.matchAll(/^(?:## )?(Status|Context|Decision|Consequences|Checked by)(?:: .+)?$/gm)];
      expect(parts.map(([, part]) => part)).toEqual(['Status', 'Context', 'Decision', 'Consequences', 'Checked by']);
      expect(text).not.toMatch(/PENDING|TODO|TBD/);
      expect(text.split('\n').length).toBeLessThan(60);
    },
  );

  it('are numbered without gaps, and named after what was decided', () => {
    expect(files.map((name) => /^(\d{4})-[a-z0-9-]+\.md$/.exec(name)?.[1])).toEqual(
      files.map((_, index) => String(index + 1).padStart(4, '0')),
    );
  });
});
