import { globSync } from 'node:fs';
import { posix } from 'node:path';

/** Where a link goes that leaves the documentation: to the file, in the repository. */
const repository = 'https://github.com/plimsoll/plimsoll/blob/main';

/** The pages in a folder of documentation, by their paths in it: `how-to/migrate.md`. */
export function pagesIn(folder: string): string[] {
  return globSync('**/*.md', { cwd: folder }).toSorted();
}

/** `how-to/migrate.md` → `how-to/migrate`; a README is the page of its folder, and the first one the home page. */
export function idOf(page: string): string {
  const id = page.replace(/\.md$/, '');
  if (id === 'README') return 'index';
  return id.replace(/\/README$/, '');
}

const folderOf = (page: string) => (page === 'README.md' ? '' : `${idOf(page)}/`);

/** The address of a page on the site, without what the site may stand below. */
export const addressOf = (page: string) => `/${folderOf(page)}`;

/**
 * The text of a page as the site shows it: its title apart, its links to other pages as links to their folders, its links to
 * anything else as links to the repository, and its Mermaid diagrams as what the browser draws.
 */
export function siteText(page: string, markdown: string, pages: ReadonlySet<string>): { title: string; text: string } {
  const title = /^# (.+)$/m.exec(markdown)?.[1];
  if (title === undefined) throw new Error(`docs/${page} has no title: begin it with a line "# Title"`);
  const body = markdown.replace(/^# .+\n/m, '');
  const text = outsideFences(body, (prose) =>
    prose
      .replaceAll(/\]\(([^)\s]+)\)/g, (_link, target: string) => `](${siteLink(page, target, pages)})`)
      // A box to tick, on a page that keeps no tick, is a control without a name.
      .replaceAll(/^(\s*- )\[ \] /gm, '$1'),
  );
  return {
    title: title.replaceAll('`', ''),
    text: text.replaceAll(/^```mermaid\n(.*?)^```$/gms, (_, code) => drawn(code)),
  };
}

/** Changes what is not in a fenced block. */
function outsideFences(markdown: string, change: (prose: string) => string): string {
  const parts = markdown.split(/(^```.*?^```$)/ms);
  return parts.map((part) => (part.startsWith('```') ? part : change(part))).join('');
}

function siteLink(page: string, link: string, pages: ReadonlySet<string>): string {
  if (link.includes(':') || link.startsWith('#')) return link;
  const [path = '', anchor] = link.split('#');
  const target = posix.join(posix.dirname(page), path);
  const fragment = anchor === undefined ? '' : `#${anchor}`;
  if (target.startsWith('..')) return `${repository}/${target.slice('../'.length)}${fragment}`;
  if (!target.endsWith('.md')) return `${repository}/docs/${target}`;
  if (!pages.has(target)) throw new Error(`docs/${page} links to ${link}, and there is no docs/${target}`);
  // Relative, so that the site may stand below any path.
  const relative = posix.relative(addressOf(page), addressOf(target));
  return `${relative === '' ? '.' : relative}/${fragment}`;
}

function drawn(code: string): string {
  const escaped = code.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
  // An empty line would end the HTML.
  return `<pre class="mermaid">\n${escaped.replaceAll(/\n+/g, '\n')}</pre>`;
}
