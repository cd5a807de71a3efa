import type { Page } from 'playwright-core';
import { API_KEY } from '../program/local-setup';

/** Signs in to the console with the API key of the settings. */
export async function signIn(page: Page): Promise<void> {
  await page.goto('/console/sign-in');
  await page.getByLabel('API key').fill(API_KEY);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.waitForURL('**/console');
}
