import { readFile } from 'node:fs/promises';
import { type Browser, chromium, type Page } from 'playwright-core';

export const widths = { phone: 390, desktop: 1280 } as const;
export type Width = keyof typeof widths;
export const HEIGHT = 800;
const IDLE_WITHIN_MS = 60_000;

interface Violation {
  id: string;
  impact: string | null;
  nodes: { target: unknown }[];
}

const switches = ['--headless', '--no-sandbox', '--disable-gpu', '--no-first-run', '--disable-background-networking'];
const axeFile = new URL('../node_modules/axe-core/axe.min.js', import.meta.url);

export function openBrowser(): Promise<Browser> {
  return chromium.launch({ executablePath: process.env['CHROMIUM'] ?? '/usr/bin/chromium', args: switches });
}

/** Errors of the console and of scripts, and requests to anybody but the origin, as they come. */
export function listenForFaults(page: Page, origin: string): string[] {
  const faults: string[] = [];
  page.on('console', (message) => message.type() === 'error' && faults.push(`the console says: ${message.text()}`));
  page.on('pageerror', (error) => faults.push(`a script fails: ${error.message}`));
  page.on('request', (request) => {
    if (!/^(?:data|blob):/.test(request.url()) && new URL(request.url()).origin !== origin)
      faults.push(`it asks somebody else: ${request.url()}`);
  });
  return faults;
}

export const addAxe = async (page: Page): Promise<unknown> => page.evaluate(await readFile(axeFile, 'utf8'));

/** What is wider than the window at each width, and with axe-core its serious faults, in what a selector does not leave out. */
export async function faultsAtWidths(page: Page, axe: { readonly without?: string } | null): Promise<string[]> {
  const faults: string[] = [];
  for (const [name, width] of Object.entries(widths)) {
    await page.setViewportSize({ width, height: HEIGHT });
    const tooWide = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
    if (tooWide > 0) faults.push(`it is ${tooWide} px wider than the window of a ${name}`);
    if (axe === null) continue;
    await settle(page);
    faults.push(...(await violationsOf(page, axe.without)).map((fault) => `on a ${name} ${fault}`));
  }
  return faults;
}

/**
 * The theme of the site lets the keyboard scroll a wide block of code once the browser is idle, which takes a while on a busy
 * machine. Where it never does, axe-core tells.
 */
async function settle(page: Page): Promise<void> {
  await page.waitForFunction(areReachable, undefined, { timeout: IDLE_WITHIN_MS }).catch(() => undefined);
}

/** In the page. */
function areReachable(): boolean {
  return [...document.querySelectorAll<HTMLElement>('pre[data-language]')].every(
    (block) => block.scrollWidth <= block.clientWidth || block.tabIndex >= 0,
  );
}

async function violationsOf(page: Page, without: string | undefined): Promise<string[]> {
  const context = without === undefined ? 'document' : JSON.stringify({ exclude: [without] });
  const violations = (await page.evaluate(
    `axe.run(${context}, { resultTypes: ['violations'] }).then(({ violations }) => violations)`,
  )) as Violation[];
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .map(({ id, impact, nodes }) => `axe-core finds ${id} (${impact}) at ${nodes[0]?.target}, ${nodes.length} in all`);
}
