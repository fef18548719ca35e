import type { Page } from 'playwright-core';
import { addAxe, faultsAtWidths, listenForFaults, openBrowser, widths } from './page-faults.ts';

const WITHIN_MS = 240_000;

/** What is wrong with the page of the API that a server shows at /docs: as it opens, and with operations and schemas open. */
export async function faultsOfApiPage(url: string): Promise<string[]> {
  const browser = await openBrowser();
  try {
    const page = await browser.newPage({ viewport: { width: widths.phone, height: 800 } });
    page.setDefaultTimeout(WITHIN_MS);
    const faults = listenForFaults(page, url);
    await page.goto(`${url}/docs`);
    await page.locator('.opblock').first().waitFor();
    await addAxe(page);
    const asItOpens = await faultsAtWidths(page, {});
    await open(page);
    const opened = await faultsAtWidths(page, {});
    return [...faults, ...asItOpens, ...opened.map((fault) => `opened, ${fault}`)];
  } finally {
    await browser.close();
  }
}

/** One operation of each method, the form that sends a request, and a schema. */
async function open(page: Page): Promise<void> {
  for (const method of ['get', 'put', 'post', 'patch', 'delete']) {
    const operation = page.locator(`.opblock-${method}`).first();
    await operation.locator('.opblock-summary-control').click();
    await operation.locator('.opblock-body .responses-wrapper').waitFor();
  }
  await page.locator('.opblock-post .try-out__btn').first().click();
  await page.locator('.json-schema-2020-12-accordion').first().click();
}
