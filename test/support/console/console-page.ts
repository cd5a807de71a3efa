import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { openPage } from '../browser/chromium';
import { API_KEY } from '../program/local-setup';

/** Signs in to the console with the API key of the settings. */
export async function signIn(page: Page): Promise<void> {
  await page.goto('/console/sign-in');
  await page.getByLabel('API key').fill(API_KEY);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.waitForURL('**/console');
}

/** A page in a browser profile of its own that is signed in, and everything that its console complained of. */
export async function openConsole(browser: Browser, baseURL: string, options: BrowserContextOptions = {}) {
  const opened = await openPage(browser, { baseURL, ...options });
  await signIn(opened.page);
  return opened;
}
