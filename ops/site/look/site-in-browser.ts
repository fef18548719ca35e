import { existsSync, statSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core';

export const widths = { phone: 390, desktop: 1280 } as const;
export type Width = keyof typeof widths;

export interface Look {
  readonly address: string;
  readonly colours?: 'light' | 'dark';
  /** Whether axe-core looks at the page, which takes most of the time. */
  readonly withAxe: boolean;
  /** Whether it looks at the navigation too, which is the same on every page. */
  readonly withNavigation?: boolean;
}

interface Violation {
  id: string;
  impact: string | null;
  nodes: { target: unknown }[];
}

const switches = ['--headless', '--no-sandbox', '--disable-gpu', '--no-first-run', '--disable-background-networking'];
const HEIGHT = 800;
const WITHIN_MS = 240_000;
const IDLE_WITHIN_MS = 60_000;
const axeFile = new URL('../node_modules/axe-core/axe.min.js', import.meta.url);

/** Nothing listens there: the browser is given files for every request, so that no network can disturb it. */
const ORIGIN = 'http://localhost';

/** The built site, seen in a browser that reaches nothing else. */
export class SiteInBrowser {
  readonly #folder: string;
  readonly #browser: Browser;
  readonly #axe: string;
  /** One for each colour, so that what pages share is loaded once. */
  readonly #windows = new Map<string, Promise<BrowserContext>>();

  private constructor(folder: string, browser: Browser, axe: string) {
    this.#folder = folder;
    this.#browser = browser;
    this.#axe = axe;
  }

  static async open(folder: string): Promise<SiteInBrowser> {
    const executablePath = process.env['CHROMIUM'] ?? '/usr/bin/chromium';
    const browser = await chromium.launch({ executablePath, args: switches });
    return new SiteInBrowser(folder, browser, await readFile(axeFile, 'utf8'));
  }

  /**
   * What is wrong with a page at each width: errors in its console, what is wider than the window, serious faults that
   * axe-core finds. It is loaded once, on a phone, and its window is then widened.
   */
  async faultsOf({ address, colours = 'light', withAxe, withNavigation = false }: Look): Promise<string[]> {
    const page = await this.#page(colours);
    const faults = this.#listen(page);
    try {
      await page.goto(new URL(address, ORIGIN).href);
      await page.waitForFunction(() => !document.querySelector('pre.mermaid:not([data-processed])'));
      if (withAxe) await page.evaluate(this.#axe);
      for (const [name, width] of Object.entries(widths)) {
        await page.setViewportSize({ width, height: HEIGHT });
        const tooWide = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
        if (tooWide > 0) faults.push(`it is ${tooWide} px wider than the window of a ${name}`);
        if (!withAxe) continue;
        await settle(page);
        faults.push(...(await violationsOf(page, withNavigation)).map((fault) => `on a ${name} ${fault}`));
      }
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

  #listen(page: Page): string[] {
    const faults: string[] = [];
    page.on('console', (message) => message.type() === 'error' && faults.push(`the console says: ${message.text()}`));
    page.on('pageerror', (error) => faults.push(`a script fails: ${error.message}`));
    page.on('request', (request) => {
      if (!/^(?:data|blob):/.test(request.url()) && new URL(request.url()).origin !== ORIGIN)
        faults.push(`it asks somebody else: ${request.url()}`);
    });
    return faults;
  }
}

/**
 * The theme lets the keyboard scroll a wide block of code once the browser is idle, which takes a while on a busy machine.
 * Where it never does, axe-core tells.
 */
async function settle(page: Page): Promise<void> {
  const isReachable = () =>
    [...document.querySelectorAll('pre')].every(
      (block) => block.scrollWidth <= block.clientWidth || block.tabIndex >= 0,
    );
  await page.waitForFunction(isReachable, undefined, { timeout: IDLE_WITHIN_MS }).catch(() => undefined);
}

async function violationsOf(page: Page, withNavigation: boolean): Promise<string[]> {
  const context = withNavigation ? 'document' : '{ exclude: ["nav.sidebar"] }';
  const violations = (await page.evaluate(
    `axe.run(${context}, { resultTypes: ['violations'] }).then(({ violations }) => violations)`,
  )) as Violation[];
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .map(({ id, impact, nodes }) => `axe-core finds ${id} (${impact}) at ${nodes[0]?.target}, ${nodes.length} in all`);
}
