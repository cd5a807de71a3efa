import { unsigned } from '../../support/connection/unsigned';
import { eventually } from '../../support/eventually';
import { createTestApp, type TestApp } from '../../support/test-app';

const APP = 'https://app.example/done?user=7';
const GMAIL = 'https://www.googleapis.com/auth/gmail.readonly';

describe('connecting a mailbox', () => {
  let app: TestApp;
  let people = 0;
  beforeAll(async () => void (app = await createTestApp()));
  afterAll(() => app.close());

  /** A browser that goes where it is sent, one step at a time. */
  const visit = async (url: string) => {
    const answer = await app.google.browser.visit(url);
    return { status: answer.status, headers: answer.headers, page: await answer.text() };
  };
  const sentTo = async (url: string) => unsigned((await visit(url)).headers.get('location'));

  const newPerson = () => {
    const address = `person-${++people}@example.com`;
    app.google.addAccount(address);
    return address;
  };
  const link = async (session: object = {}): Promise<string> =>
    (await app.api.post('/v1/connect-sessions', session, 201)).url;
  const consent = (url: string, account: string, choice: object = {}) =>
    app.google.consent(url, { account, ...choice });
  const mailboxOf = async (emailAddress: string) =>
    (await app.api.get(`/v1/mailboxes?emailAddress=${emailAddress}`)).data[0];
  const eventsOf = async (mailboxId: string) =>
    (await app.api.events({ mailboxId, types: 'mailbox.connected' })).map(({ sequence, data }) => ({
      sequence,
      data,
    }));

  it('sends the owner back to the application, with a mailbox that is watched', async () => {
    const ada = newPerson();
    const callback = await consent(await link({ redirectUrl: APP, externalId: 'user-7' }), ada);
    const back = new URL((await sentTo(callback))!);
    const mailbox = await mailboxOf(ada);
    expect(back.href).toBe(`https://app.example/done?user=7&mailboxId=${mailbox!.id}`);
    expect(mailbox).toMatchObject({
      emailAddress: ada,
      externalId: 'user-7',
      status: 'active',
      scopes: expect.arrayContaining([GMAIL]),
      watch: { status: 'active', labelIds: ['INBOX'], labelFilterBehavior: 'include', lastError: null },
      sync: { historyId: expect.stringMatching(/^\d+$/) },
    });
    expect(await eventsOf(mailbox!.id)).toEqual([{ sequence: 1, data: { reason: 'connected' } }]);
  });

  it('shows a page that names the address, without a redirect URL', async () => {
    const ada = newPerson();
    const { status, page, headers } = await visit(await consent(await link(), ada));
    expect(status).toBe(200);
    expect(page).toContain(`${ada} is connected`);
    expect(Object.fromEntries(headers)).toMatchObject({
      'content-type': 'text/html; charset=utf-8',
      'cache-control': 'no-store',
      'referrer-policy': 'no-referrer',
      'content-security-policy': "default-src 'none'; style-src 'unsafe-inline'",
    });
  });

  it('lets a link be opened by mail scanners, until its callback has completed', async () => {
    const ada = newPerson();
    const url = await link({ loginHint: ada });
    const [first, second] = [await visit(url), await visit(url)];
    expect([first.status, second.status]).toEqual([302, 302]);
    expect(first.headers.get('location')).toBe(second.headers.get('location'));
    expect(first.headers.get('cache-control')).toBe('no-store');
    expect(new URL(first.headers.get('location')!).searchParams.get('login_hint')).toBe(ada);
    await visit(await consent(url, ada));
    expect((await visit(url)).status).toBe(410);
    expect((await visit(`${app.service.address}/connect/nothing`)).status).toBe(404);
  });

  it('says that a link has expired', async () => {
    const ada = newPerson();
    const session = await app.api.post('/v1/connect-sessions', { redirectUrl: APP }, 201);
    const callback = await consent(session.url, ada);
    await app.database.dataSource.query(`UPDATE connect_sessions SET expires_at = now() WHERE id = $1`, [
      session.id,
    ]);
    expect((await visit(session.url)).status).toBe(410);
    expect(await sentTo(callback)).toBe(`${APP}&error=session_expired`);
    expect(await mailboxOf(ada)).toBeUndefined();
  });

  it('passes a refusal on, after which the link can be used again', async () => {
    const ada = newPerson();
    const url = await link({ redirectUrl: APP });
    expect(await sentTo(await consent(url, ada, { approve: false }))).toBe(`${APP}&error=access_denied`);
    expect(await sentTo(await consent(url, ada))).toContain('mailboxId=mbx_');
  });

  it('forgets a consent whose Gmail box was not ticked, and lets all other grants of its owner be', async () => {
    const ada = newPerson();
    const callback = await consent(await link({ redirectUrl: APP }), ada, { grantedScopes: [] });
    expect(await sentTo(callback)).toBe(`${APP}&error=insufficient_scope`);
    expect(app.google.grantOf(ada)).not.toBeNull();
    expect(app.google.requests.count({ method: 'oauth2.revoke' })).toBe(0);
    expect(await mailboxOf(ada)).toBeUndefined();
  });

  it('does not give back the consent that a connected mailbox lives on', async () => {
    const { id, emailAddress } = await app.connect(newPerson());
    const callback = await consent(await link(), emailAddress, { grantedScopes: [] });
    expect(await visit(callback)).toMatchObject({ status: 400, page: expect.stringContaining('tick') });
    expect(app.google.grantOf(emailAddress)).not.toBeNull();
    expect(await app.api.get(`/v1/mailboxes/${id}`)).toMatchObject({ status: 'active' });
  });

  it('exchanges a code once, however often the callback is called', async () => {
    const ada = newPerson();
    const callback = await consent(await link({ redirectUrl: APP }), ada);
    app.google.requests.clear();
    const answers = await Promise.all([callback, callback, callback].map(sentTo));
    const { id } = (await mailboxOf(ada))!;
    expect([...answers, await sentTo(callback)]).toEqual(Array(4).fill(`${APP}&mailboxId=${id}`));
    expect(await sentTo(callback.replace('code=', 'code=x'))).toBe(`${APP}&error=session_used`);
    expect(app.google.requests.count({ method: 'oauth2.token' })).toBe(1);
    expect(await eventsOf(id)).toHaveLength(1);
  });

  it.each([
    ['the token endpoint is away', { method: 'oauth2.token', status: 503 }],
    ['the profile cannot be read', { method: 'gmail.users.getProfile', status: 500 }],
    ...['nobody', 'a b@example.com', '@example.com', 'a\0@example.com', 7, null].map(
      (emailAddress): [string, object] => [
        `the profile has ${JSON.stringify(emailAddress)} for an address`,
        { method: 'gmail.users.getProfile', status: 200, body: { emailAddress } },
      ],
    ),
  ])('asks the owner to wait when %s, and the link still works', async (_name, fault) => {
    const ada = newPerson();
    const url = await link({ redirectUrl: APP });
    app.google.failNext(fault);
    expect(await sentTo(await consent(url, ada))).toBe(`${APP}&error=temporarily_unavailable`);
    expect(await sentTo(await consent(url, ada))).toContain('mailboxId=mbx_');
  });

  it('refuses what is not the answer of Google', async () => {
    const url = await link({ redirectUrl: APP });
    const state = new URL((await sentTo(url))!).searchParams.get('state')!;
    const callback = `${app.service.address}/auth/google/callback`;
    expect(await visit(callback)).toMatchObject({
      status: 400,
      page: expect.stringContaining('invalid_state'),
    });
    expect(await visit(`${callback}?state=wrong&code=x`)).toMatchObject({ status: 400 });
    expect(await sentTo(`${callback}?state=${state}`)).toBe(`${APP}&error=invalid_request`);
    expect(await sentTo(`${callback}?state=${state}&code=made-up`)).toBe(`${APP}&error=invalid_code`);
    expect(await sentTo(`${callback}?state=${state}&error=%3Cscript%3E`)).toBe(`${APP}&error=google_error`);
  });

  it('connects a mailbox whose watch Google refuses', async () => {
    app.google.failNext({
      method: 'gmail.users.watch',
      status: 400,
      message: 'Error sending test message to Cloud PubSub projects/x : User not authorized',
    });
    expect(await app.connect(newPerson())).toMatchObject({
      status: 'active',
      watch: { status: 'failed', lastError: { code: 'topic_permission_denied' } },
    });
  });

  it('takes the label filter of the session', async () => {
    const filter = { labelIds: ['SPAM'], labelFilterBehavior: 'exclude' };
    expect(await app.connect(newPerson(), filter)).toMatchObject({ watch: filter });
  });

  it('keeps a mailbox that is connected again: its id, its sequence, its external id unless given anew', async () => {
    const first = await app.connect(newPerson(), { externalId: 'one' });
    const again = await app.connect(first.emailAddress, {});
    expect(again).toMatchObject({ id: first.id, externalId: 'one', watch: { status: 'active' } });
    expect(again.sync.historyId! >= first.sync.historyId!).toBe(true);
    expect(await app.connect(first.emailAddress, { externalId: 'two' })).toMatchObject({
      id: first.id,
      externalId: 'two',
    });
    expect(await eventsOf(first.id)).toEqual([
      { sequence: 1, data: { reason: 'connected' } },
      { sequence: 2, data: { reason: 'reconnected' } },
      { sequence: 3, data: { reason: 'reconnected' } },
    ]);
  });

  it('brings a mailbox back whose grant had died', async () => {
    const { id, emailAddress } = await app.connect(newPerson());
    app.google.revokeByUser(emailAddress);
    await app.api.post(`/v1/mailboxes/${id}/sync`, undefined, 202);
    await eventually(async () => (await mailboxOf(emailAddress))!.status === 'reauthorization_required');
    expect(await app.connect(emailAddress)).toMatchObject({ id, status: 'active' });
  });

  it('keeps tokens, codes and links out of the log and, in clear text, out of the database', async () => {
    const ada = newPerson();
    const url = await link();
    const callback = await consent(url, ada);
    await visit(callback);
    const parameters = new URL(callback).searchParams;
    const { refreshTokens, accessTokens } = app.google.grantOf(ada)!;
    const secrets = [
      url.split('/').at(-1)!,
      parameters.get('state')!,
      parameters.get('code')!,
      ...[...refreshTokens, ...accessTokens].map(({ value }) => value),
    ];
    expect(secrets.length).toBeGreaterThanOrEqual(5);
    const tables = await app.database.dataSource.query<{ text: string }[]>(
      'SELECT g::text AS text FROM grants g UNION ALL SELECT s::text FROM connect_sessions s',
    );
    const everything = [...tables.map(({ text }) => text), ...app.logs].join('\n');
    expect(secrets.filter((secret) => everything.includes(secret))).toEqual([]);
  });

  it.each([
    [{ redirectUrl: '/done' }, 'redirectUrl'],
    [{ redirectUrl: 'javascript:alert(1)' }, 'redirectUrl'],
    [{ redirectUrl: 'https://app.example;sandbox/' }, 'redirectUrl'],
    [{ externalId: '' }, 'externalId'],
    [{ externalId: 'a\0b' }, 'externalId'],
    [{ loginHint: 7 }, 'loginHint'],
    [{ mailboxId: 'mbx_unknown' }, 'mailboxId'],
    [{ expectedEmailAddress: '' }, 'expectedEmailAddress'],
    [{ expectedEmailAddress: 'foo' }, 'expectedEmailAddress'],
    [{ expectedEmailAddress: 'Ada <ada@example.com>' }, 'expectedEmailAddress'],
    [{ labelIds: 'INBOX' }, 'labelIds'],
    [{ labelFilterBehavior: 'only' }, 'labelFilterBehavior'],
    [{ redirectURL: APP }, 'redirectURL'],
  ])('refuses a session of %j', async (session, path) => {
    const answer = await fetch(`${app.service.address}/v1/connect-sessions`, {
      method: 'POST',
      headers: {
        authorization: `Bearer ${app.environment.API_KEY}`,
        'content-type': 'application/json',
      },
      body: JSON.stringify(session),
    });
    expect(answer.status).toBe(400);
    expect(await answer.json()).toMatchObject({
      code: 'validation_failed',
      errors: expect.arrayContaining([expect.objectContaining({ path })]),
    });
  });
});
