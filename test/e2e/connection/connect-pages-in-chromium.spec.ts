import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Browser } from 'playwright-core';
import { BrandSettings, type Language } from '../../../src/config/settings';
import { WORDS } from '../../../src/connection/pages/words/all';
import { describeInBrowser, launchBrowser, openPage } from '../../support/browser/chromium';
import { pageFaults } from '../../support/browser/page-faults';
import { createTestApp, type TestApp } from '../../support/test-app';

const LANGUAGES = Object.keys(WORDS) as Language[];
const HOSTILE = `"><script>alert(1)</script>\u202e${'Wide'.repeat(14)}</title>`;

describeInBrowser('the connect pages in Chromium', () => {
  let app: TestApp;
  let browser: Browser;
  let brand: BrandSettings;
  beforeAll(async () => {
    app = await createTestApp({
      CONNECT_PAGE: 'true',
      BRAND_NAME: 'Acme Mail',
      BRAND_ACCENT_COLOR: '#ffd400',
      BRAND_PRIVACY_URL: 'https://acme.example/privacy',
      BRAND_SUPPORT_URL: 'https://acme.example/help',
    });
    app.google.addAccount('ada@example.com');
    brand = app.service.application.get(BrandSettings, { strict: false });
    browser = await launchBrowser();
  });
  afterAll(async () => {
    await browser?.close();
    await app?.close();
  });
  beforeEach(() => Object.assign(brand, { name: 'Acme Mail' }));

  const link = async (session: object = {}) => (await app.api.post('/v1/connect-sessions', session, 201)).url;
  /** How the local Google answers its own page. */
  const consent = (decision: 'ask' | 'deny') =>
    fetch(`${app.environment.GOOGLE_ORIGIN}/control/consent`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ decision }),
    });
  it('are readable and fit in five languages', async () => {
    const { page, complaints } = await openPage(browser);
    const url = await link({ expectedEmailAddress: 'ada@example.com' });
    for (const language of LANGUAGES) {
      await page.setExtraHTTPHeaders({ 'accept-language': `xx, ${language};q=0.8` });
      await page.goto(url);
      expect(await page.locator('html').getAttribute('lang')).toBe(language);
      expect(await page.locator('h1').textContent()).toBe(WORDS[language].ask.title('Acme Mail'));
      expect(await pageFaults(page, `ask-${language}`)).toEqual([]);
    }
    await page.goto(`${url}x`);
    expect(await page.locator('h1').textContent()).toBe(WORDS.ja.failed.explained.unknown_link.title);
    expect(await pageFaults(page, 'unknown')).toEqual([]);
    expect(complaints).toEqual([]);
    await page.context().close();
  });

  it.each([true, false])(
    'lead to Google and back by keyboard alone, with JavaScript: %s',
    async (javaScriptEnabled) => {
      const { page, complaints } = await openPage(browser, { javaScriptEnabled, locale: 'en' });
      await page.goto(await link());
      const button = page.getByRole('button', { name: 'Continue with Google' });
      for (
        let n = 0;
        n < 3 && !(await button.evaluate((it) => it === document.activeElement).catch(() => true));
        n++
      )
        await page.keyboard.press('Tab');
      await page.keyboard.press('Enter');
      await page.waitForURL(`${app.environment.GOOGLE_ORIGIN}/**`);
      await page.getByRole('button', { name: 'Continue' }).click();
      await page.waitForURL('**/auth/google/callback**');
      expect(await page.locator('h1').textContent()).toBe('Your Gmail is connected');
      expect(await page.locator('main').textContent()).toContain(
        'Acme Mail now has access to ada@example.com',
      );
      expect(await page.getByRole('link', { name: 'Help' }).getAttribute('href')).toBe(
        'https://acme.example/help',
      );
      if (javaScriptEnabled) {
        expect([await pageFaults(page, 'done'), complaints]).toEqual([[], []]);
      }
      await page.context().close();
    },
  );

  it('begin the same session anew after a failure', async () => {
    const { page } = await openPage(browser, { locale: 'de', colorScheme: 'dark' });
    await page.goto(await link());
    await page.getByRole('button', { name: 'Weiter mit Google' }).click();
    await page.getByRole('button', { name: 'Cancel' }).click();
    await page.waitForURL('**/auth/google/callback**');
    expect(await page.locator('h1').textContent()).toBe(WORDS.de.failed.explained.access_denied.title);
    expect(await pageFaults(page, 'denied')).toEqual([]);
    await page.getByRole('link', { name: 'Noch einmal versuchen' }).click();
    await page.getByRole('button', { name: 'Continue' }).click();
    await page.waitForURL('**/auth/google/callback**');
    expect(await page.locator('h1').textContent()).toBe('Ihr Gmail ist verbunden');
    await page.context().close();
  });

  it('go through all redirects at once, from the form by Google to the application', async () => {
    const { page, complaints } = await openPage(browser, { locale: 'en' });
    const application = createServer((_, response) => response.end('back')).listen(0, '127.0.0.1');
    await once(application, 'listening');
    const redirectUrl = `http://127.0.0.1:${(application.address() as AddressInfo).port}/done`;
    await page.goto(await link({ redirectUrl }));
    // Google shows no page, so that all of it is one navigation of the form.
    await consent('deny');
    await page.getByRole('button').click();
    await page.waitForURL(`${redirectUrl}?error=access_denied**`);
    expect(complaints.filter((text) => text.includes('Content Security Policy'))).toEqual([]);
    await consent('ask');
    await page.context().close();
    application.close();
  });

  it('show a hostile name as text, and stay in shape', async () => {
    Object.assign(brand, { name: HOSTILE });
    const { page, complaints } = await openPage(browser, { locale: 'fr' });
    await page.goto(await link());
    expect(await page.title()).toBe(WORDS.fr.ask.title(HOSTILE.replace('\u202e', '')));
    expect(await page.locator('h1').textContent()).toContain('<script>alert(1)</script>');
    expect(await page.locator('script').count()).toBe(0);
    expect([await pageFaults(page, 'hostile'), complaints]).toEqual([[], []]);
    await page.context().close();
  });
});
