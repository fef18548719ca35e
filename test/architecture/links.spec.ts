import { existsSync, globSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { root } from './planted-tree.js';

const paths = globSync(['*.md', 'docs/**/*.md', '.github/**/*.md'], { cwd: root });
const texts = new Map(paths.map((path) => [path, readFileSync(join(root, path), 'utf8')]));

/** Links to elsewhere in the tree, without those to the web. */
function linksOf(path: string): string[] {
  const links = [...(texts.get(path) ?? '').matchAll(/\]\(([^)\s]+)\)/g)].map(([, link = '']) => link);
  return links.filter((link) => !link.includes(':'));
}

function targetOf(path: string, link: string): string {
  const [file = ''] = link.split('#');
  return file === '' ? path : join(dirname(path), file);
}

/** The headings of a page as GitHub names them. */
function anchorsOf(path: string): string[] {
  const headings = [...(texts.get(path) ?? '').matchAll(/^#+ (.+)$/gm)].map(([, heading = '']) => heading);
  return headings.map((heading) =>
    heading
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N} -]/gu, '')
      .replaceAll(' ', '-'),
  );
}

function isBroken(path: string, link: string): boolean {
  const [, anchor] = link.split('#');
  const target = targetOf(path, link);
  return !existsSync(join(root, target)) || (anchor !== undefined && !anchorsOf(target).includes(anchor));
}

describe('the documents', () => {
  it('link only to what is there', () => {
    const broken = paths.flatMap((path) =>
      linksOf(path)
        .filter((link) => isBroken(path, link))
        .map((link) => `${path}: ${link}`),
    );
    expect(broken).toEqual([]);
  });

  it('can all be reached from the index of the documentation', () => {
    const reached = new Set(['docs/README.md']);
    for (const path of reached) {
      const targets = linksOf(path).map((link) => targetOf(path, link));
      for (const target of targets) if (texts.has(target)) reached.add(target);
    }
    expect(paths.filter((path) => path.startsWith('docs/') && !reached.has(path))).toEqual([]);
  });

  it('name as what checks a decision only files that exist', () => {
    const named = paths.flatMap((path) => {
      const [, checkedBy = ''] = (texts.get(path) ?? '').split('## Checked by');
      return [...checkedBy.matchAll(/`((?:src|test|ops)\/[^`]+)`/g)].map(([, file = '']) => file);
    });
    expect(named).not.toHaveLength(0);
    expect(named.filter((file) => !existsSync(join(root, file)))).toEqual([]);
  });

  it('quote of those files only what stands in them', () => {
    const quoted = paths.flatMap((path) => {
      const [, checkedBy = ''] = (texts.get(path) ?? '').split('## Checked by');
      return [...checkedBy.matchAll(/"([^"]+)" in\s+`([^`]+)`/g)].map(([, title = '', file = '']) => ({ title, file }));
    });
    expect(quoted).not.toHaveLength(0);
    expect(quoted.filter(({ title, file }) => !readFileSync(join(root, file), 'utf8').includes(title))).toEqual([]);
  });
});
