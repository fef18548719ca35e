import { existsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { addAxe, faultsAtWidths, HEIGHT, listenForFaults, openBrowser, type Width, widths } from './page-faults.ts';

export interface Look {
  readonly address: string;
  readonly colours?: 'light' | 'dark';
  /** Whether axe-core looks at the page, which takes most of the time. */
  readonly withAxe: boolean;
  /** Whether it looks at the navigation too, which is the same on every page. */
  readonly withNavigation?: boolean;
}

const WITHIN_MS = 240_000;

/** Nothing listens there: the browser is given files for every request, so that no network can disturb it. */
const ORIGIN = 'http://localhost';

/** The built site, seen in a browser that reaches nothing else. */
export class SiteInBrowser {
  readonly #folder: string;
  readonly #browser: Browser;
  /** One for each colour, so that what pages share is loaded once. */
  readonly #windows = new Map<string, Promise<BrowserContext>>();

  private constructor(folder: string, browser: Browser) {
    this.#folder = folder;
    this.#browser = browser;
  }

  static async open(folder: string): Promise<SiteInBrowser> {
    return new SiteInBrowser(folder, await openBrowser());
  }

  /**
   * What is wrong with a page at each width: errors in its console, what is wider than the window, serious faults that
   * axe-core finds. It is loaded once, on a phone, and its window is then widened.
   */
  async faultsOf({ address, colours = 'light', withAxe, withNavigation = false }: Look): Promise<string[]> {
    const page = await this.#page(colours);
    const faults = listenForFaults(page, ORIGIN);
    try {
      await page.goto(new URL(address, ORIGIN).href);
      await page.waitForFunction(areDrawn);
      if (withAxe) await addAxe(page);
      const axe = withNavigation ? {} : { without: 'nav.sidebar' };
      faults.push(...(await faultsAtWidths(page, withAxe ? axe : null)));
      return faults.map((fault) => `${address} (${colours}): ${fault}`);
    } finally {
      await page.close();
    }
  }

  /** The titles of the pages that the search finds. */
  async search(word: string, width: Width): Promise<string[]> {
    const page = await this.#page('light');
    try {
      await page.setViewportSize({ width: widths[width], height: HEIGHT });
      await page.goto(ORIGIN);
      await page.getByRole('button', { name: 'Search' }).click();
      await page.getByRole('dialog').locator('input').fill(word);
      const results = page.locator('.pagefind-ui__result-link');
      await results.first().waitFor();
      return await results.allInnerTexts();
    } finally {
      await page.close();
    }
  }

  async close(): Promise<void> {
    await this.#browser.close();
  }

  async #page(colours: 'light' | 'dark'): Promise<Page> {
    const window = this.#windows.get(colours) ?? this.#window(colours);
    this.#windows.set(colours, window);
    const page = await (await window).newPage();
    // As a reader sees it: a page in the background gets fewer frames.
    await page.bringToFront();
    page.setDefaultTimeout(WITHIN_MS);
    return page;
  }

  async #window(colorScheme: 'light' | 'dark'): Promise<BrowserContext> {
    const window = await this.#browser.newContext({ viewport: { width: widths.phone, height: HEIGHT }, colorScheme });
    await window.route(
      () => true,
      (route) => {
        const { origin, pathname } = new URL(route.request().url());
        const path = join(this.#folder, decodeURIComponent(pathname));
        const file = pathname.endsWith('/') ? join(path, 'index.html') : path;
        if (origin !== ORIGIN) return route.abort();
        return existsSync(file) && statSync(file).isFile()
          ? route.fulfill({ path: file })
          : route.fulfill({ status: 404 });
      },
    );
    return window;
  }
}

/** In the page. Mermaid marks a diagram as processed before it has drawn it. */
function areDrawn(): boolean {
  return [...document.querySelectorAll('pre.mermaid')].every(
    (diagram) => (diagram.querySelector('svg')?.viewBox.baseVal.width ?? 0) > 0,
  );
}
