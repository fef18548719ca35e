import { readFile } from 'node:fs/promises';
import fastifyStatic from '@fastify/static';
import fastify, { type FastifyInstance } from 'fastify';
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
const WITHIN_MS = 60_000;
const axeFile = new URL('../node_modules/axe-core/axe.min.js', import.meta.url);

/** The built site, served on loopback and seen in a browser that reaches nothing else. */
export class SiteInBrowser {
  readonly #server: FastifyInstance;
  readonly #browser: Browser;
  readonly #axe: string;
  readonly #url: string;
  /** One for each colour, so that what pages share is loaded once. */
  readonly #windows = new Map<string, Promise<BrowserContext>>();

  private constructor(server: FastifyInstance, browser: Browser, axe: string, url: string) {
    this.#server = server;
    this.#browser = browser;
    this.#axe = axe;
    this.#url = url;
  }

  static async open(folder: string): Promise<SiteInBrowser> {
    const server = fastify();
    await server.register(fastifyStatic, { root: folder });
    const url = await server.listen({ host: '127.0.0.1', port: 0 });
    const executablePath = process.env['CHROMIUM'] ?? '/usr/bin/chromium';
    const browser = await chromium.launch({ executablePath, args: switches });
    return new SiteInBrowser(server, browser, await readFile(axeFile, 'utf8'), url);
  }

  /**
   * What is wrong with a page at each width: errors in its console, what is wider than the window, serious faults that
   * axe-core finds. It is loaded once, on a phone, and its window is then widened.
   */
  async faultsOf({ address, colours = 'light', withAxe, withNavigation = false }: Look): Promise<string[]> {
    const page = await this.#page(colours);
    const faults = this.#listen(page);
    try {
      await page.goto(new URL(address, this.#url).href);
      await page.waitForFunction(() => !document.querySelector('pre.mermaid:not([data-processed])'));
      if (withAxe) await page.evaluate(this.#axe);
      for (const [name, width] of Object.entries(widths)) {
        await page.setViewportSize({ width, height: HEIGHT });
        const tooWide = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
        if (tooWide > 0) faults.push(`it is ${tooWide} px wider than the window of a ${name}`);
        if (withAxe) faults.push(...(await violationsOf(page, withNavigation)).map((fault) => `on a ${name} ${fault}`));
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
      await page.goto(this.#url);
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
    await this.#server.close();
  }

  async #page(colorScheme: 'light' | 'dark'): Promise<Page> {
    const viewport = { width: widths.phone, height: HEIGHT };
    const window = this.#windows.get(colorScheme) ?? this.#browser.newContext({ viewport, colorScheme });
    this.#windows.set(colorScheme, window);
    const page = await (await window).newPage();
    page.setDefaultTimeout(WITHIN_MS);
    return page;
  }

  #listen(page: Page): string[] {
    const faults: string[] = [];
    page.on('console', (message) => message.type() === 'error' && faults.push(`the console says: ${message.text()}`));
    page.on('pageerror', (error) => faults.push(`a script fails: ${error.message}`));
    page.on('request', (request) => {
      if (!/^(?:data|blob):/.test(request.url()) && new URL(request.url()).origin !== this.#url)
        faults.push(`it asks somebody else: ${request.url()}`);
    });
    return faults;
  }
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
