import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type BrowserContext, chromium, type Page } from 'playwright-core';
import type { Dashboard } from '@grafana/grafana-foundation-sdk/dashboard';

const switches = ['--headless', '--no-sandbox', '--disable-gpu', '--no-first-run', '--disable-background-networking'];
const WIDTH = 1600;
/** What Grafana draws of a panel only comes when it is seen, so all of a dashboard has to fit. */
const heightOf = ({ panels = [] }: Dashboard) =>
  300 + 38 * Math.max(...panels.map(({ gridPos }) => (gridPos?.y ?? 0) + (gridPos?.h ?? 0)));
const WITHIN_MS = 60_000;

/** Grafana's own names of its parts: packages/grafana-e2e-selectors in its repository. */
const parts = {
  panels: '[data-testid^="data-testid Panel header"]',
  error: '[data-testid="data-testid Panel status error"]',
  loading: '[aria-label="Panel loading bar"]',
};

/** Grafana in a browser, as somebody sees it who has signed in. */
export class GrafanaPage {
  readonly #browser: BrowserContext;
  readonly #folder: string;
  readonly #pictures: string;

  private constructor(browser: BrowserContext, folder: string, pictures: string) {
    this.#browser = browser;
    this.#folder = folder;
    this.#pictures = pictures;
  }

  static async open({
    url,
    password,
    pictures,
  }: {
    url: string;
    password: string;
    pictures: string;
  }): Promise<GrafanaPage> {
    await mkdir(pictures, { recursive: true });
    const folder = await mkdtemp(join(tmpdir(), 'plimsoll-chromium-'));
    const executablePath = process.env['CHROMIUM'] ?? '/usr/bin/chromium';
    const browser = await chromium.launchPersistentContext(folder, { executablePath, args: switches, baseURL: url });
    const grafana = new GrafanaPage(browser, folder, pictures);
    const answer = await browser.request.post('/login', { data: { user: 'admin', password } });
    if (answer.ok()) return grafana;
    await grafana.close();
    throw new Error(`Grafana answers ${answer.status()} to who signs in.`);
  }

  /** What is wrong with the dashboard; a picture of it is kept in any case. */
  async faultsOf(dashboard: Dashboard): Promise<string[]> {
    const page = await this.#browser.newPage();
    const refused: string[] = [];
    page.on('response', async (response) => {
      if (!response.url().includes('/api/ds/query') || response.ok()) return;
      refused.push(`a query is answered with ${response.status()}: ${await response.text().catch(() => '')}`);
    });
    try {
      await page.setViewportSize({ width: WIDTH, height: heightOf(dashboard) });
      await page.goto(`/d/${dashboard.uid}?kiosk&from=now-5m&to=now`);
      const panels = dashboard.panels?.filter(({ type }) => type !== 'row').length ?? 0;
      await drawn(page, panels);
      const withError = page.locator(parts.panels).filter({ has: page.locator(parts.error) });
      const titles = await withError.evaluateAll((all) => all.map((one) => one.getAttribute('data-testid') ?? ''));
      const unnamed = titles.length === 0 && (await page.locator(parts.error).count()) > 0 ? ['a panel'] : [];
      return [...titles, ...unnamed]
        .map((title) => `${title.replace('data-testid ', '')} reports an error`)
        .concat(refused);
    } catch (error) {
      return [error instanceof Error ? error.message : String(error), ...refused];
    } finally {
      await page.screenshot({ path: join(this.#pictures, `${dashboard.uid}.png`) });
      await page.close();
    }
  }

  async close(): Promise<void> {
    await this.#browser.close();
    await rm(this.#folder, { recursive: true });
  }
}

/** When every panel is there and none is loading. */
async function drawn(page: Page, panels: number): Promise<void> {
  await page.waitForFunction(
    ({ parts: { panels: panel, loading }, wanted }) =>
      document.querySelectorAll(panel).length >= wanted && document.querySelectorAll(loading).length === 0,
    { parts, wanted: panels },
    { timeout: WITHIN_MS },
  );
}
