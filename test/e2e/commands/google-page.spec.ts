import type { Browser } from 'playwright-core';
import type { LocalGoogle } from '../../../src/local-google/local-google';
import { describeInBrowser, launchBrowser, openPage } from '../../support/browser/chromium';
import { eventually } from '../../support/eventually';
import { startLocalGoogle } from '../../support/program/local-setup';

const [ADA, GRACE] = ['ada@example.com', 'grace@example.com'];

/** As a person uses it (skipped where there is no Chromium). */
describeInBrowser('the page of the local Google', () => {
  let [google, browser]: [LocalGoogle, Browser] = [] as never;
  beforeAll(async () => void ([google, browser] = await Promise.all([startLocalGoogle(), launchBrowser()])));
  afterAll(async () => {
    await browser.close();
    await google.stop();
  });

  it('sends a mail to the account that was chosen, and says so', async () => {
    for (const address of [ADA, GRACE]) google.addAccount(address);
    const { page, complaints } = await openPage(browser);
    await page.goto(google.origin);
    await page.getByLabel('To').selectOption(GRACE);
    await page.getByLabel('Subject').fill('A mail of my own');
    await page.getByRole('button', { name: 'Send' }).click();
    const said = await eventually(() => page.getByRole('status').textContent());
    const messages = [...google.mailbox(GRACE).messages.values()];
    expect(messages).toHaveLength(1);
    expect(said).toBe(`Delivered: message ${messages[0]!.id}`);
    expect(google.mailbox(ADA).messages.size).toBe(0);
    expect(complaints).toEqual([]);
  });
});
