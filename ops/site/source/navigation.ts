import { readFileSync } from 'node:fs';
import { join, posix } from 'node:path';
import { docsFolder } from './folders.ts';
import { addressOf } from './pages.ts';

interface Entry {
  readonly label: string;
  /** A page of the documentation: `how-to/migrate.md`. */
  readonly page: string;
}

interface Group {
  readonly label: string;
  readonly entries: readonly Entry[];
}

/** The sections of docs/README.md: under each heading, the pages that its list names first. */
export function sections(index = indexOf('README.md')): Group[] {
  const parts = index.split(/^## (.+)$/m).slice(1);
  return parts.flatMap((label, at) => (at % 2 === 0 ? [{ label, entries: entriesOf(parts[at + 1] ?? '') }] : []));
}

/** Folders whose own index names their pages: they are groups of their own, below the sections. */
const folders = [
  { label: 'Playbooks', folder: 'playbooks' },
  { label: 'Runbooks', folder: 'runbooks' },
  { label: 'Decisions', folder: 'decisions' },
];

/** The pages that an index of a folder links to, within that folder. */
function folderEntries(folder: string): Entry[] {
  const links = [...indexOf(`${folder}/README.md`).matchAll(/\[([^\]]+)\]\(([^)/#:]+\.md)\)/g)];
  const entries = links.map(([, label = '', file = '']) => ({ label: plain(label), page: `${folder}/${file}` }));
  return [...new Map(entries.map((entry) => [entry.page, entry])).values()];
}

/** The whole navigation, in order. */
export function groups(): Group[] {
  return [...sections(), ...folders.map(({ label, folder }) => ({ label, entries: folderEntries(folder) }))];
}

/** As Starlight takes it. The long lists at the end begin closed. */
export function navigation() {
  return groups().map(({ label, entries }) => ({
    label,
    collapsed: folders.some((folder) => folder.label === label),
    items: entries.map(({ label: name, page }) => ({ label: name, link: addressOf(page) })),
  }));
}

function entriesOf(list: string): Entry[] {
  const links = [...list.matchAll(/^- \[([^\]]+)\]\(([^)#:]+\.md)\)/gm)];
  return links
    .map(([, label = '', link = '']) => ({ label: plain(label), page: posix.normalize(link) }))
    .filter(({ page }) => !page.startsWith('..'));
}

const plain = (label: string) => label.replaceAll('`', '');
const indexOf = (page: string) => readFileSync(join(docsFolder, page), 'utf8');
