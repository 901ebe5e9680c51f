// Opens the interactive reference at NEWSAPI_URL/docs in Chromium, runs ListArticles in it and reads the answer.
import assert from 'node:assert/strict';
import { chromium } from 'playwright-core';

const address = `${process.env.NEWSAPI_URL ?? 'http://localhost:5080'}/docs`;
const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM_PATH ?? '/usr/bin/chromium',
  args: [
    '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync',
  ],
});

try {
  const page = await browser.newPage({ viewport: { width: 1280, height: 1600 } });
  page.setDefaultTimeout(20_000);
  const faults = [];
  // What the Content-Security-Policy forbids is among the errors.
  page.on('console', message => { if (['error', 'warning'].includes(message.type())) faults.push(message.text()); });
  page.on('pageerror', error => faults.push(error.stack ?? error.message));
  page.on('requestfailed', request => faults.push(`${request.url()}: ${request.failure()?.errorText}`));
  page.on('response', response => { if (response.status() >= 400) faults.push(`${response.status()} ${response.url()}`); });

  await page.goto(address);
  await page.locator('.opblock').first().waitFor();
  const operations = await page.locator('.opblock').count();
  assert.ok(operations > 20, `${operations} operations are shown`);

  const list = page.locator('#operations-Articles-ListArticles');
  await list.locator('.opblock-summary-control').click();
  await list.getByRole('button', { name: 'Execute' }).click();
  const live = list.locator('.live-responses-table');
  await live.waitFor();
  const shown = (await live.locator('tbody .response-col_status').first().innerText()).trim();
  assert.match(shown, /^200\b/);
  assert.match(await live.locator('.highlight-code').first().innerText(), /"items"/);
  if (process.env.NEWSAPI_SCREENSHOT) await page.screenshot({ path: process.env.NEWSAPI_SCREENSHOT, fullPage: false });

  assert.deepEqual(faults, []);
  console.log(`docs: ${operations} operations, ListArticles answered ${shown}`);
} finally {
  await browser.close();
}
