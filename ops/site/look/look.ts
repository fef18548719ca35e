import { siteFolder } from '../source/folders.ts';
import { groups, sections } from '../source/navigation.ts';
import { addressOf } from '../source/pages.ts';
import { type Width, widths } from './page-faults.ts';
import { type Look, SiteInBrowser } from './site-in-browser.ts';

/** Pages that are looked at side by side. */
const AT_ONCE = 4;

/**
 * What is wrong with the built site: the pages of the navigation (below an address, and at most so many of each group) at
 * both widths, and the search.
 */
export async function faultsOfSite(below = '/', mostOfGroup = Infinity): Promise<string[]> {
  const site = await SiteInBrowser.open(siteFolder);
  try {
    const faults = await allOf(looks(below, mostOfGroup).map((look) => () => site.faultsOf(look)));
    for (const width of bothWidths) {
      const found = await site.search('drift', width);
      if (!found.some((title) => title.includes('Watch what hosts run'))) {
        faults.push([`the search on a ${width} finds no page about drift, but ${found.join(', ')}`]);
      }
    }
    return faults.flat();
  } finally {
    await site.close();
  }
}

const bothWidths = Object.keys(widths) as Width[];
/** Text, tables, code and a diagram: all that has colours. */
const inTheDark = ['/', '/explanation/architecture/', '/reference/gate/'];

/** Runbooks are made alike, and so are decisions: axe-core is asked about the first of each. */
function looks(below: string, mostOfGroup: number): Look[] {
  const pages = groups().flatMap(({ entries }, group) =>
    entries
      .slice(0, mostOfGroup)
      .map(({ page }, at) => ({ address: addressOf(page), withAxe: at === 0 || group < sections().length })),
  );
  const dark = inTheDark.map((address) => ({ address, colours: 'dark' as const, withAxe: true }));
  const home = { address: '/', withAxe: true, withNavigation: true };
  return [home, ...pages, ...dark].filter(({ address }) => address.startsWith(below));
}

async function allOf<T>(work: readonly (() => Promise<T>)[]): Promise<T[]> {
  const results: T[] = [];
  const waiting = work.entries();
  const worker = async () => {
    for (const [at, run] of waiting) results[at] = await run();
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
  return results;
}
