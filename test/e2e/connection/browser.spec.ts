import { validateEnvironment } from '../../../src/config/validate-environment';
import { PinoLogger } from '../../../src/observability/pino.logger';
import { startService } from '../../../src/service';
import { Browser } from '../../../src/local-google/oauth/browser';
import { call } from '../../support/call';
import { unsigned } from '../../support/connection/unsigned';
import { eventually } from '../../support/eventually';
import { createTestApp, type TestApp } from '../../support/test-app';

const APP = 'https://app.example/done';

describe('the browser of a mailbox owner', () => {
  let app: TestApp;
  let people = 0;
  beforeAll(async () => void (app = await createTestApp({ REVOKE_UNUSABLE_CONSENTS: 'true' })));
  afterAll(() => app.close());
  beforeEach(() => app.google.faults.clear());

  const newPerson = () => {
    const address = `owner-${++people}@example.com`;
    app.google.addAccount(address);
    return address;
  };
  const link = async (session: object = { redirectUrl: APP }): Promise<string> =>
    (await app.api.post('/v1/connect-sessions', session, 201)).url;
  const mailboxesOf = async (emailAddress: string) =>
    (await app.api.get(`/v1/mailboxes?emailAddress=${emailAddress}`)).data;
  const sentTo = async (browser: Browser, url: string) =>
    unsigned((await browser.visit(url)).headers.get('location'));
  const tokenCalls = () => app.google.requests.count({ method: 'oauth2.token' });

  it('is given a cookie for the callback by the link', async () => {
    const cookies = (await new Browser().visit(await link())).headers.getSetCookie();
    expect(cookies).toEqual([
      expect.stringMatching(
        /^inboxwire_cns_\w+=[\w-]{43}; Path=\/auth\/google\/callback; Max-Age=900; HttpOnly; SameSite=Lax$/,
      ),
    ]);
  });

  it('completes no session that another browser opened, and the link can be opened again', async () => {
    const [ada, owner, other] = [newPerson(), new Browser(), new Browser()];
    const url = await link();
    const callback = await app.google.consent(url, { account: ada }, owner);
    app.google.requests.clear();
    expect(await sentTo(other, callback)).toBe(`${APP}?error=wrong_browser`);
    expect(tokenCalls()).toBe(0);
    expect(await mailboxesOf(ada)).toEqual([]);
    const again = await app.google.consent(url, { account: ada }, other);
    expect(await sentTo(other, again)).toContain('mailboxId=mbx_');
  });

  it('is asked to open the link where it consents', async () => {
    const callback = await app.google.consent(await link({}), { account: newPerson() });
    const answer = await new Browser().visit(callback);
    expect(answer.status).toBe(400);
    const page = await answer.text();
    expect(page).toContain('Open the link in the browser in which you consent');
    // It may be the same, and bring no cookies.
    expect(page).toContain('allow cookies for this page');
  });

  it('completes every link of several that it opened before it consented', async () => {
    const browser = new Browser();
    const [one, other] = [newPerson(), newPerson()];
    const urls = [await link(), await link()];
    const callbacks = [
      await app.google.consent(urls[0]!, { account: one }, browser),
      await app.google.consent(urls[1]!, { account: other }, browser),
    ];
    for (const callback of callbacks) expect(await sentTo(browser, callback)).toContain('mailboxId=mbx_');
  });

  it('keeps the cookies of fifty links, so that an administrator can connect any number of mailboxes', async () => {
    const browser = new Browser();
    for (let n = 0; n < 150; n += 1) await browser.visit(await link());
    const callback = await app.google.consent(await link(), { account: newPerson() }, browser);
    expect(await sentTo(browser, callback)).toContain('mailboxId=mbx_');
    expect(browser.cookieFor(callback)!.split('; ')).toHaveLength(50);
    expect(await sentTo(browser, callback)).toContain('mailboxId=mbx_');
  });

  it('gets the first answer again, on every replica, from one exchange', async () => {
    const [ada, browser] = [newPerson(), new Browser()];
    const replica = await app.replica();
    const callback = await app.google.consent(await link(), { account: ada }, browser);
    const cookie = browser.cookieFor(callback)!;
    const { pathname, search } = new URL(callback);
    app.google.requests.clear();
    const ask = async (origin: string) =>
      unsigned(
        (await fetch(origin + pathname + search, { redirect: 'manual', headers: { cookie } })).headers.get(
          'location',
        ),
      );
    const origins = [app.service.address, replica.address, app.service.address, replica.address];
    const answers = await Promise.all(origins.map(ask));
    const [mailbox] = await mailboxesOf(ada);
    expect([...answers, await ask(replica.address)]).toEqual(
      Array(5).fill(`${APP}?mailboxId=${mailbox!.id}`),
    );
    expect(tokenCalls()).toBe(1);
  });

  it.each([
    ['insufficient_scope', { grantedScopes: [] }, undefined],
    ['temporarily_unavailable', {}, { method: 'oauth2.token', status: 503 }],
    ['invalid_code', {}, { method: 'oauth2.token', status: 400, reason: 'invalid_grant' }],
  ])('gets a refusal again (%s), and another code of the session connects', async (code, choice, fault) => {
    const [ada, browser] = [newPerson(), new Browser()];
    const url = await link();
    const callback = await app.google.consent(url, { account: ada, ...choice }, browser);
    app.google.requests.clear();
    if (fault) app.google.failNext(fault);
    const answers = await Promise.all([callback, callback].map((to) => sentTo(browser, to)));
    expect([...answers, await sentTo(browser, callback)]).toEqual(Array(3).fill(`${APP}?error=${code}`));
    expect(tokenCalls()).toBe(1);
    const again = await app.google.consent(url, { account: ada }, browser);
    expect(await sentTo(browser, again)).toContain('mailboxId=mbx_');
    expect(await sentTo(browser, callback)).toBe(`${APP}?error=${code}`);
  });

  it('is refused with another code for a session that is used', async () => {
    const [ada, browser] = [newPerson(), new Browser()];
    const callback = await app.google.consent(await link(), { account: ada }, browser);
    expect(await sentTo(browser, callback)).toContain('mailboxId=mbx_');
    expect(await sentTo(browser, callback.replace('code=', 'code=other'))).toBe(`${APP}?error=session_used`);
  });

  it('goes on after the process that exchanged its code has died', async () => {
    const [ada, browser] = [newPerson(), new Browser()];
    const url = await link();
    const callback = await app.google.consent(url, { account: ada }, browser);
    await app.database.dataSource.query(
      `UPDATE connect_sessions SET claimed_by = 'dead', claimed_until = now() + interval '1 second' WHERE completed_at IS NULL`,
    );
    expect(await sentTo(browser, callback)).toContain('mailboxId=mbx_');
  });

  it('finds a button that tries again on the page of a refusal', async () => {
    const [ada, browser] = [newPerson(), new Browser()];
    const refusal = await app.google.consent(await link({}), { account: ada, approve: false }, browser);
    const page = await (await browser.visit(refusal)).text();
    const href = /<a href="([^"]*)">Try again<\/a>/.exec(page)![1]!.replaceAll('&amp;', '&');
    const callback = await app.google.consent(href, { account: ada }, browser);
    expect((await browser.visit(callback)).status).toBe(200);
    expect(await mailboxesOf(ada)).toHaveLength(1);
  });

  it('finds the way back to the application on the page of a link that is used or has expired', async () => {
    const [ada, browser] = [newPerson(), new Browser()];
    const url = await link();
    await browser.visit(await app.google.consent(url, { account: ada }, browser));
    const used = await browser.visit(url);
    expect(used.status).toBe(410);
    expect(await used.text()).toContain(`<a href="${APP}?error=session_used&amp;signature=`);
    const other = await link();
    await app.database.dataSource.query('UPDATE connect_sessions SET expires_at = now()');
    const expired = await browser.visit(other);
    expect(expired.status).toBe(410);
    expect(await expired.text()).toContain(`<a href="${APP}?error=session_expired&amp;signature=`);
  });

  it.each([
    ['oauth_client_invalid', { method: 'oauth2.token', status: 401, reason: 'invalid_client' }],
    ['oauth_client_deleted', { method: 'oauth2.token', status: 401, reason: 'deleted_client' }],
    ['oauth_client_unauthorized', { method: 'oauth2.token', status: 401, reason: 'unauthorized_client' }],
    [
      'gmail_api_not_enabled',
      {
        method: 'gmail.users.getProfile',
        status: 403,
        reason: 'accessNotConfigured',
        message: 'Gmail API has not been used in project 42 before or it is disabled.',
      },
    ],
  ])('is not asked to try again when only the operator can mend it: %s', async (code, fault) => {
    const [ada, browser] = [newPerson(), new Browser()];
    app.google.failNext(fault);
    const back = await sentTo(browser, await app.google.consent(await link(), { account: ada }, browser));
    expect(back).toBe(`${APP}?error=${code}`);
    app.google.failNext(fault);
    const answer = await browser.visit(await app.google.consent(await link({}), { account: ada }, browser));
    expect(answer.status).toBe(502);
    expect(await answer.text()).not.toMatch(/again|moment/i);
    await eventually(() => app.logs.some((line) => /"remedy":"[^"]*https:\/\/console\.cloud/.test(line)));
  });

  it.each([
    ['org_internal', 'org_internal'],
    ['admin_policy_enforced', 'admin_policy_enforced'],
    ['deleted_client', 'oauth_client_deleted'],
    ['unauthorized_client', 'oauth_client_unauthorized'],
  ])('is shown the same for what the consent page says: %s', async (said, code) => {
    const browser = new Browser();
    const url = await link({});
    const state = new URL((await sentTo(browser, url))!).searchParams.get('state')!;
    const answer = await browser.visit(
      `${app.service.address}/auth/google/callback?state=${state}&error=${said}`,
    );
    expect(answer.status).toBe(502);
    const page = await answer.text();
    expect(page).toContain(`<small>${code}</small>`);
    expect(page).not.toMatch(/again|moment/i);
  });

  it('brings its cookie over TLS alone where PUBLIC_URL is https', async () => {
    const replica = await startService(
      validateEnvironment({ ...app.environment, PORT: '0', PUBLIC_URL: 'https://inboxwire.example.com' }),
      undefined,
      new PinoLogger('silent'),
    );
    try {
      const made = await call(replica.address, 'POST', '/v1/connect-sessions', { body: {} });
      expect(made.body.url).toMatch(/^https:\/\/inboxwire\.example\.com\/connect\//);
      const { pathname } = new URL(made.body.url);
      const { headers } = await fetch(replica.address + pathname, { redirect: 'manual' });
      expect(headers.getSetCookie()).toEqual([expect.stringMatching(/; HttpOnly; SameSite=Lax; Secure$/)]);
    } finally {
      await replica.stop();
    }
  });

  describe('where the client serves nobody else (REVOKE_UNUSABLE_CONSENTS)', () => {
    it.each([
      ['without the Gmail scope', {}, { grantedScopes: [] }],
      ['of another account', { expectedEmailAddress: 'nobody@example.com' }, {}],
    ])('gives back a consent %s', async (_name, session, choice) => {
      const [ada, browser] = [newPerson(), new Browser()];
      const callback = await app.google.consent(await link(session), { account: ada, ...choice }, browser);
      expect((await browser.visit(callback)).status).toBe(400);
      expect(app.google.grantOf(ada)).toBeNull();
    });

    it.each([
      ['without the Gmail scope', {}, { grantedScopes: [] }],
      ['for another mailbox', { expectedEmailAddress: 'nobody@example.com' }, {}],
    ])(
      'keeps the grant that a mailbox lives on when its owner consents %s',
      async (_name, session, choice) => {
        const [ada, browser] = [newPerson(), new Browser()];
        await app.connect(ada);
        const callback = await app.google.consent(await link(session), { account: ada, ...choice }, browser);
        expect((await browser.visit(callback)).status).toBe(400);
        expect(app.google.grantOf(ada)).not.toBeNull();
      },
    );
  });
});
