import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { docsFolder } from './folders.ts';
import { idOf, pagesIn, siteText } from './pages.ts';

/** What of Astro's loader context is used here. */
interface Context {
  store: { clear(): void; set(entry: object): unknown };
  parseData(entry: { id: string; data: Record<string, unknown> }): Promise<Record<string, unknown>>;
  renderMarkdown(text: string, options: { fileURL: URL }): Promise<object>;
}

/** Takes docs/ as it lies: no front matter, titles from the first heading, links between files. */
export const pagesLoader = {
  name: 'plimsoll-pages',
  async load({ store, parseData, renderMarkdown }: Context): Promise<void> {
    const pages = new Set(pagesIn(docsFolder));
    store.clear();
    for (const page of pages) {
      const path = join(docsFolder, page);
      const { title, text } = siteText(page, await readFile(path, 'utf8'), pages);
      const id = idOf(page);
      const data = await parseData({ id, data: { title } });
      const rendered = await renderMarkdown(text, { fileURL: pathToFileURL(path) });
      store.set({ id, data, body: text, filePath: `src/content/docs/${id}.md`, rendered });
    }
  },
};
