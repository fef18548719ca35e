import { readFile } from 'node:fs/promises';
import { existsSync, globSync } from 'node:fs';
import { join } from 'node:path';

interface Page {
  readonly path: string;
  readonly links: readonly string[];
  readonly ids: ReadonlySet<string>;
}

/** Links of the built site to pages, files or headings that it has not got, as `/page/: link`. */
export async function deadLinks(folder: string): Promise<string[]> {
  const files = globSync('**/*.html', { cwd: folder });
  const read = await Promise.all(files.map(async (file) => pageOf(file, await readFile(join(folder, file), 'utf8'))));
  const pages = new Map(read.map((page) => [page.path, page]));
  return read.flatMap(({ path, links }) =>
    links
      .filter((link) => isDead(new URL(link, `http://site${path}`), folder, pages))
      .map((link) => `${path}: ${link}`),
  );
}

function isDead({ origin, pathname, hash }: URL, folder: string, pages: ReadonlyMap<string, Page>): boolean {
  if (origin !== 'http://site') return false;
  const page = pages.get(decodeURIComponent(pathname));
  if (page === undefined) return !existsSync(join(folder, decodeURIComponent(pathname)));
  return hash !== '' && !page.ids.has(decodeURIComponent(hash.slice(1)));
}

function pageOf(file: string, html: string): Page {
  const all = (pattern: RegExp) => [...html.matchAll(pattern)].map(([, found = '']) => found.replaceAll('&amp;', '&'));
  return {
    path: `/${file.replace(/index\.html$/, '')}`,
    links: [...new Set(all(/<a\b[^>]*?\shref="([^"]*)"/g))].filter((link) => !/^(?:mailto|data):/.test(link)),
    ids: new Set(all(/\sid="([^"]+)"/g)),
  };
}
