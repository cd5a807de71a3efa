import { existsSync } from 'node:fs';
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core';

/** Debian's. A machine without it skips what needs a browser, and says so. */
const CHROMIUM = '/usr/bin/chromium';

export const describeInBrowser = existsSync(CHROMIUM) ? describe : describe.skip;

export const launchBrowser = (): Promise<Browser> =>
  chromium.launch({ executablePath: CHROMIUM, args: ['--no-sandbox', '--disable-gpu'] });

/** A page in a browser profile of its own, and everything that its console complained of. */
export async function openPage(
  browser: Browser,
  options: BrowserContextOptions = {},
): Promise<{ page: Page; complaints: string[] }> {
  const context = await browser.newContext({ reducedMotion: 'reduce', ...options });
  const page = await context.newPage();
  const complaints: string[] = [];
  page.on('console', (message) => {
    // The local Google has no icon; Chromium asks for one nevertheless. And what it says itself of a page that is not there.
    const isExpected =
      message.location().url.endsWith('/favicon.ico') || /status of 40[0134]/.test(message.text());
    if (/error|warning/.test(message.type()) && !isExpected) complaints.push(message.text());
  });
  page.on('pageerror', (error) => complaints.push(String(error)));
  page.on('dialog', (dialog) => {
    complaints.push(dialog.message());
    void dialog.dismiss();
  });
  return { page, complaints };
}
