import { DataSource } from 'typeorm';
import { Browser } from '../../../src/local-google/oauth/browser';
import { unsigned } from '../../support/connection/unsigned';
import { createTestApp, type TestApp } from '../../support/test-app';

const APP = 'https://app.example/done';
const LOGO = 'https://acme.example/logo;v=2.png?size=64';

describe('the pages for owners of mailboxes', () => {
  let app: TestApp;
  let people = 0;
  beforeAll(async () => {
    app = await createTestApp({
      CONNECT_PAGE: 'true',
      BRAND_NAME: 'Acme <Mail>',
      BRAND_LOGO_URL: LOGO,
      BRAND_SUPPORT_URL: 'https://acme.example/help',
      BRAND_LANGUAGES: 'fr, de,en',
    });
  });
  afterAll(() => app?.close());
  beforeEach(() => app.google.faults.clear());

  const newPerson = () => {
    const address = `owner-${++people}@example.com`;
    app.google.addAccount(address);
    return address;
  };
  const link = async (session: object = {}) => (await app.api.post('/v1/connect-sessions', session, 201)).url;
  const open = (url: string, init: RequestInit = {}, browser = new Browser()) =>
    browser.visit(url, { ...init, headers: { 'accept-language': 'en', ...init.headers } });
  /** The button: where it leads to. */
  const press = async (url: string, browser = new Browser()) => {
    await open(url, {}, browser);
    return (await open(url, { method: 'POST' }, browser)).headers.get('location')!;
  };
  const endOf = async (callback: string, browser: Browser) => {
    const answer = await open(callback, {}, browser);
    return { status: answer.status, text: await answer.text(), location: answer.headers.get('location') };
  };

  it('come first: who asks, for what, and a button that leads to Google by POST', async () => {
    const url = await link();
    const answer = await open(url);
    const text = await answer.text();
    expect(answer.status).toBe(200);
    expect(text).toContain('<html lang="en">');
    expect(text).toContain('Connect your Gmail to Acme &lt;Mail>');
    expect(text).toContain('Read your emails');
    expect(text).toContain('Send emails from your account');
    expect(text).toContain(`<form method="post" action="${new URL(url).pathname}">`);
    expect(text).toMatch(/<button class="google" type="submit">.*Continue with Google/);
    expect(text).not.toContain('<script');
    const begun = await open(url, { method: 'POST' });
    expect(begun.status).toBe(303);
    expect(begun.headers.get('location')).toContain(`${app.environment.GOOGLE_ORIGIN}/o/oauth2/v2/auth?`);
    expect(begun.headers.getSetCookie()).toHaveLength(1);
  });

  it('have a button that works whatever fields a browser sends with it', async () => {
    const url = await link();
    for (const body of [new URLSearchParams({ x: '1' }), new FormData()])
      expect((await open(url, { method: 'POST', body })).status).toBe(303);
  });

  it('load nothing but the logo, are in no frame, and lead to nobody but Google', async () => {
    const { headers } = await open(await link());
    const policy = headers.get('content-security-policy')!;
    expect(policy.split('; ')).toEqual([
      "default-src 'none'",
      expect.stringMatching(/^style-src 'sha256-[\w+/=]+'$/),
      'img-src https://acme.example/logo%3Bv=2.png',
      "base-uri 'none'",
      "frame-ancestors 'none'",
      `form-action 'self' ${app.environment.GOOGLE_ORIGIN}`,
    ]);
    expect(Object.fromEntries(headers)).toMatchObject({
      'cache-control': 'no-store',
      'content-language': 'en',
      'referrer-policy': 'no-referrer',
      vary: 'Accept-Language',
      'x-content-type-options': 'nosniff',
      'x-frame-options': 'DENY',
    });
    const back = await open(await link({ redirectUrl: APP }));
    expect(back.headers.get('content-security-policy')).toMatch(
      /form-action 'self' \S+ https:\/\/app\.example$/,
    );
  });

  it.each(['GET', 'HEAD'])('start nothing when a mail scanner sends %s', async (method) => {
    app.google.requests.clear();
    const url = await link();
    for (let n = 0; n < 3; n++) expect((await fetch(url, { method, redirect: 'manual' })).status).toBe(200);
    const ada = newPerson();
    const browser = new Browser();
    const callback = await app.google.consent(await press(url, browser), { account: ada }, browser);
    expect((await endOf(callback, browser)).status).toBe(200);
  });

  it('end with a page of the same brand that says what to do next', async () => {
    const [ada, browser] = [newPerson(), new Browser()];
    const callback = await app.google.consent(await press(await link(), browser), { account: ada }, browser);
    const { status, text } = await endOf(callback, browser);
    expect(status).toBe(200);
    expect(text).toContain(`Acme &lt;Mail> now has access to ${ada}`);
    expect(text).toContain('You can close this page');
    expect(text).toContain('https://myaccount.google.com/permissions');
    // Reload, or back and forward.
    expect(await endOf(callback, browser)).toMatchObject({ status: 200, text });
  });

  it('are passed by those who have an application to go back to', async () => {
    const [ada, browser] = [newPerson(), new Browser()];
    const url = await link({ redirectUrl: APP });
    const denied = await app.google.consent(
      await press(url, browser),
      { account: ada, approve: false },
      browser,
    );
    expect(unsigned((await endOf(denied, browser)).location)).toBe(`${APP}?error=access_denied`);
    const callback = await app.google.consent(await press(url, browser), { account: ada }, browser);
    expect(unsigned((await endOf(callback, browser)).location)).toMatch(
      /^https:\/\/app\.example\/done\?mailboxId=mbx_/,
    );
  });

  it.each([
    ['access_denied', 400, { approve: false }, undefined, true],
    ['insufficient_scope', 400, { grantedScopes: [] }, undefined, true],
    ['temporarily_unavailable', 503, {}, { method: 'oauth2.token', status: 503 }, true],
    [
      'oauth_client_invalid',
      502,
      {},
      { method: 'oauth2.token', status: 401, reason: 'invalid_client' },
      false,
    ],
  ] as const)(
    'after %s (%i) have a button exactly where another try helps',
    async (code, wanted, choice, fault, retry) => {
      const [ada, browser] = [newPerson(), new Browser()];
      const callback = await app.google.consent(
        await press(await link(), browser),
        { account: ada, ...choice },
        browser,
      );
      if (fault) app.google.failNext(fault);
      const { status, text } = await endOf(callback, browser);
      expect([status, text.includes(`<code>${code}</code>`)]).toEqual([wanted, true]);
      const [, retryUrl] = /<a class="button" href="([^"]+)">Try again/.exec(text) ?? [];
      expect([retryUrl !== undefined, /try again/i.test(text)]).toEqual([retry, retry]);
      expect(text).toContain('https://acme.example/help');
      if (!retryUrl) return;
      const again = await app.google.consent(retryUrl.replaceAll('&amp;', '&'), { account: ada }, browser);
      expect((await endOf(again, browser)).text).toContain(`now has access to ${ada}`);
    },
  );

  it('tell another browser to open the link itself, and offer no retry there', async () => {
    const callback = await app.google.consent(await press(await link()), { account: newPerson() });
    const { status, text } = await endOf(callback, new Browser());
    expect(status).toBe(400);
    expect(text).toContain('Open the link in the browser in which you consent');
    expect(text).not.toContain('Try again');
  });

  it('are there for links that are unknown, used or expired, by GET and POST', async () => {
    const [ada, browser] = [newPerson(), new Browser()];
    const used = await link();
    const callback = await app.google.consent(await press(used, browser), { account: ada }, browser);
    await endOf(callback, browser);
    const expired = await link({ redirectUrl: APP });
    await app.service.application
      .get(DataSource)
      .query("UPDATE connect_sessions SET expires_at = now() - interval '1 s' WHERE completed_at IS NULL");
    for (const method of ['GET', 'POST']) {
      for (const [url, status, title] of [
        [`${app.environment.PUBLIC_URL}/connect/nothing`, 404, 'There is no such link'],
        [used, 410, 'This link has been used'],
        [expired, 410, 'This link has expired'],
      ] as const) {
        const answer = await open(url, { method });
        const text = await answer.text();
        expect([answer.status, text.includes(`<h1>${title}</h1>`)]).toEqual([status, true]);
        expect(text.includes(`Back to Acme`)).toBe(url === expired);
        expect(answer.headers.get('content-security-policy')).toContain("form-action 'none'");
      }
    }
  });

  it.each([
    ['de-AT, en;q=0.5', 'de'],
    ['es, ja', 'fr'],
    ['en;q=0.2, fr;q=0.1', 'en'],
    ['', 'fr'],
  ])('are in a language of %j that the operator has named: %s', async (header, language) => {
    const answer = await open(await link(), { headers: { 'accept-language': header } });
    expect(answer.headers.get('content-language')).toBe(language);
    expect(await answer.text()).toContain(`<html lang="${language}">`);
  });

  it('name the account that it has to be', async () => {
    const ada = newPerson();
    expect(await (await open(await link({ expectedEmailAddress: ada }))).text()).toContain(
      `choose the account ${ada}`,
    );
    const browser = new Browser();
    await endOf(
      await app.google.consent(await press(await link(), browser), { account: ada }, browser),
      browser,
    );
    const { data } = await app.api.get(`/v1/mailboxes?emailAddress=${ada}`);
    expect(await (await open(await link({ mailboxId: data[0]!.id }))).text()).toContain(
      `choose the account ${ada}`,
    );
  });
});

describe('without CONNECT_PAGE', () => {
  let app: TestApp;
  beforeAll(async () => void (app = await createTestApp({ BRAND_NAME: 'Acme' })));
  afterAll(() => app?.close());

  it('a link leads to Google at once, and there is no button', async () => {
    const { url } = await app.api.post('/v1/connect-sessions', {}, 201);
    expect((await new Browser().visit(url)).status).toBe(302);
    const posted = await fetch(url, { method: 'POST' });
    expect([posted.status, posted.headers.get('allow')]).toEqual([405, 'GET, HEAD']);
    expect(await posted.json()).toMatchObject({ code: 'method_not_allowed' });
  });
});
