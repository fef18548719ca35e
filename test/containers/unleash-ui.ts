import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type BrowserContext, type Page, chromium } from 'playwright-core';
import { eventually, secret } from './api.js';
import { unleashPort } from './stack.mjs';

const screenshot = '.plimsoll/unleash-ui.png';
const switches = ['--headless', '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run'];
const silence = ['--disable-background-networking', '--disable-component-update', '--disable-sync'];

/** Unleash as a release manager meets it: its pages through the profile `unleash-ui`, in a browser that asks nobody else. */
export class UnleashUi {
  private constructor(
    private readonly browser: BrowserContext,
    private readonly page: Page,
    private readonly folder: string,
  ) {}

  static async open(): Promise<UnleashUi> {
    const folder = await mkdtemp(join(tmpdir(), 'plimsoll-chromium-'));
    const baseURL = `https://localhost:${unleashPort}`;
    const args = [...switches, ...silence];
    // The certificate is of the proxy's own authority.
    const options = { executablePath: '/usr/bin/chromium', args, baseURL, ignoreHTTPSErrors: true };
    const browser = await chromium.launchPersistentContext(folder, options);
    await browser.route(
      ({ origin }) => origin !== baseURL,
      (route) => route.abort(),
    );
    return new UnleashUi(browser, browser.pages()[0] ?? (await browser.newPage()), folder);
  }

  signIn(): Promise<void> {
    return this.see(async (page) => {
      await page.goto('/login');
      await page.getByLabel('Email').fill('admin');
      await page.getByLabel('Password', { exact: true }).fill(await secret('unleash-admin-password'));
      await page.getByRole('button', { name: 'Sign in' }).click();
      await page.waitForURL((url) => !url.pathname.startsWith('/login'));
    });
  }

  /** The names of all flags, once this one is among them: until then the page shows made-up ones. */
  flagsBeside(flag: string): Promise<string[]> {
    return this.see(async (page) => {
      await page.goto('/projects/default');
      await page.getByRole('link', { name: flag, exact: true }).waitFor();
      return page.getByRole('table').locator('a[href*="/features/"]').allInnerTexts();
    });
  }

  toggle(flag: string, environment: string, isOn: boolean): Promise<void> {
    return this.see(async (page) => {
      await page.goto(`/projects/default/features/${flag}`);
      const toggle = page.getByRole('switch', { name: environment, exact: true });
      await toggle.click();
      // It asks back before it changes what runs in production.
      await page.getByRole('button', { name: isOn ? 'Enable Environment' : 'Disable Environment' }).click();
      await eventually(
        () => toggle.isChecked(),
        (isChecked) => isChecked === isOn,
        10_000,
      );
    });
  }

  async close(): Promise<void> {
    await this.browser.close();
    await rm(this.folder, { recursive: true });
  }

  /** Leaves a picture of what was on the page when something was not there. */
  private async see<T>(look: (page: Page) => Promise<T>): Promise<T> {
    try {
      return await look(this.page);
    } catch (error) {
      await this.page.screenshot({ path: screenshot });
      throw new Error(`Unleash's page was not as expected; see ${screenshot}`, { cause: error });
    }
  }
}
