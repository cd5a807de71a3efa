import type { Service } from '../../../src/service';
import { ConsoleClient, tokenIn } from '../../support/console/console-client';
import { call } from '../../support/call';
import { eventually } from '../../support/eventually';
import { API_KEY, createTestApp, type TestApp } from '../../support/test-app';

const SESSION = 'inboxwire_session';

describe('the console', () => {
  let app: TestApp;
  let replica: Service;
  beforeAll(async () => {
    app = await createTestApp();
    replica = await app.replica();
  });
  afterAll(() => app?.close());

  const visitor = () => new ConsoleClient(app.service.address);
  const signedIn = (key = API_KEY) => ConsoleClient.signedIn(app.service.address, key);
  const newKey = (scope: string, more: object = {}) =>
    app.api.post('/v1/api-keys', { name: `a ${scope} key`, scopes: [scope], ...more }, 201);

  describe('signing in', () => {
    it('is asked of who comes without a session, and leads back to the page that was asked for', async () => {
      const client = visitor();
      const refused = await client.get('/console/mailboxes?q=ada');
      expect(refused.status).toBe(303);
      const location = refused.headers.get('location')!;
      expect(location).toMatch(/^\/console\/sign-in\?returnTo=/);
      const returnTo = new URL(location, app.service.address).searchParams.get('returnTo')!;
      const { status, headers } = await client.signIn(API_KEY, returnTo);
      expect([status, headers.get('location')]).toEqual([303, '/console/mailboxes?q=ada']);
      expect((await client.get('/console/mailboxes?q=ada')).status).toBe(200);
    });

    it('sets a cookie that scripts do not see, for 12 hours and for the console alone', async () => {
      const client = await signedIn();
      const cookie = client.setCookies.find((set) => set.startsWith(SESSION))!;
      for (const part of ['Max-Age=43200', 'Path=/console', 'HttpOnly', 'SameSite=Lax'])
        expect(cookie).toContain(part);
      expect(cookie).not.toContain('Secure');
    });

    it.each([
      'https://evil.example/',
      '//evil.example/',
      '/\\evil.example',
      '/console/../../evil',
      '/console/%2e%2e//evil.example',
      '/console//evil.example',
      '/v1/mailboxes',
    ])('does not lead to %s', async (returnTo) => {
      const client = visitor();
      const { html } = await client.get('/console/sign-in');
      const sent = await client.post('/console/sign-in', { key: API_KEY, returnTo }, { csrf: tokenIn(html) });
      expect([sent.status, sent.headers.get('location')]).toEqual([303, '/console']);
      expect((await visitor().signIn(API_KEY, returnTo)).headers.get('location')).toBe('/console');
    });

    it('with a wrong key is answered 401 with a page, and begins no session', async () => {
      const client = visitor();
      const { status, html } = await client.signIn('iwk_nothing');
      expect(status).toBe(401);
      expect(html).toContain('no key of this service');
      expect(client.cookies.has(SESSION)).toBe(false);
    });

    it('keeps the token out of the database and of the log', async () => {
      const client = await signedIn();
      const token = client.cookies.get(SESSION)!;
      await client.get('/console');
      const rows = await app.database.dataSource.query<object[]>(
        'SELECT console_sessions::text FROM console_sessions',
      );
      expect(JSON.stringify(rows)).not.toContain(token);
      expect(app.logs.join()).not.toContain(token);
    });
  });

  it('logs who signs in and out with which key, and refused sign-ins, without what was sent', async () => {
    const { id, key } = await newKey('read');
    const client = visitor();
    await client.signIn('iwk_a-wrong-key');
    await client.signIn(key);
    await client.post('/console/sign-out');
    const lines = app.logs.map((line) => JSON.parse(line) as Record<string, unknown>);
    for (const [message, facts] of [
      ['a sign-in to the console was refused', { code: 'unauthorized', address: '127.0.0.1' }],
      ['signed in to the console', { keyId: id }],
      ['signed out of the console', { keyId: id }],
    ] as const)
      expect(lines).toContainEqual(
        expect.objectContaining({ msg: message, requestId: expect.any(String), ...facts }),
      );
    for (const text of ['a-wrong-key', key]) expect(app.logs.join('\n')).not.toContain(text);
  });

  describe('a session', () => {
    it('is good on every replica', async () => {
      const client = await signedIn();
      expect((await client.at(replica.address).get('/console/events')).status).toBe(200);
    });

    it('that has ended signs out nevertheless', async () => {
      const client = await signedIn();
      const csrf = tokenIn((await client.get('/console/mailboxes')).html);
      await client.at(replica.address).post('/console/sign-out', {}, { origin: replica.address });
      const { status, headers } = await client.post('/console/sign-out', {}, { csrf });
      expect([status, headers.get('location')]).toEqual([303, '/console/sign-in']);
      expect(client.cookies.has(SESSION)).toBe(false);
    });

    it('is over everywhere within 3 s after signing out', async () => {
      const client = await signedIn();
      const other = client.at(replica.address);
      expect((await other.get('/console')).status).toBe(200);
      expect((await client.post('/console/sign-out')).status).toBe(303);
      await eventually(async () => (await other.get('/console')).status === 303, { timeout: 3_000 });
    });

    it('is over everywhere within 3 s after its key was revoked', async () => {
      const { id, key } = await newKey('write');
      const client = await signedIn(key);
      const other = client.at(replica.address);
      expect((await other.get('/console')).status).toBe(200);
      await app.api.delete(`/v1/api-keys/${id}`, 204);
      await eventually(async () => (await other.get('/console')).status === 303, { timeout: 3_000 });
      expect((await client.get('/console')).status).toBe(303);
    });

    it('is over when its key expires', async () => {
      const expiresAt = new Date(Date.now() + 2_000).toISOString();
      const client = await signedIn((await newKey('read', { expiresAt })).key);
      expect((await client.get('/console')).status).toBe(200);
      await eventually(async () => (await client.get('/console')).status === 303, { timeout: 5_000 });
    });

    it('is over after 12 hours, and its row is removed by the next one', async () => {
      const client = await signedIn();
      const { dataSource } = app.database;
      await dataSource.query(`UPDATE console_sessions SET expires_at = expires_at - interval '12 hours'`);
      expect((await client.get('/console')).status).toBe(303);
      await signedIn();
      expect(
        await dataSource.query<unknown[]>('SELECT FROM console_sessions WHERE expires_at <= now()'),
      ).toEqual([]);
    });

    it('ends its stream of events within 3 s when it is over', async () => {
      const { id, key } = await newKey('read');
      const client = await signedIn(key);
      const cookie = client.cookieHeader;
      const response = await fetch(`${app.service.address}/console/events/stream`, { headers: { cookie } });
      expect([response.status, response.headers.get('content-type')]).toEqual([
        200,
        expect.stringMatching('event-stream'),
      ]);
      const ended = response.body!.pipeTo(new WritableStream()).catch(() => undefined);
      const began = performance.now();
      await app.api.delete(`/v1/api-keys/${id}`, 204);
      await ended;
      expect(performance.now() - began).toBeLessThan(3_500);
    });
  });
});

describe('the console of an https address', () => {
  let app: TestApp;
  beforeAll(async () => {
    app = await createTestApp({ PUBLIC_URL: 'https://mail.example.com', API_RATE_LIMIT: '5' });
  });
  afterAll(() => app?.close());

  it('sets cookies for https alone', async () => {
    const client = await ConsoleClient.signedIn(app.service.address, API_KEY);
    expect(client.setCookies.length).toBeGreaterThanOrEqual(2);
    for (const cookie of client.setCookies) expect(cookie).toContain('Secure');
  });

  it('counts what is done in a session with the requests of its key', async () => {
    const { key } = (
      await call(app.service.address, 'POST', '/v1/api-keys', { body: { name: 'one', scopes: ['read'] } })
    ).body as { key: string };
    const client = await ConsoleClient.signedIn(app.service.address, key);
    const answers = [];
    for (let n = 0; n < 4; n++) answers.push(await client.get('/console/mailboxes'));
    const { status } = await call(app.service.address, 'GET', '/v1/mailboxes', { key });
    expect([...answers.map((answer) => answer.status), status]).toEqual([200, 200, 200, 200, 200]);
    expect(answers.at(-1)!.headers.get('ratelimit-remaining')).toBe('1');
    for (const path of ['/console/mailboxes', '/console/events/stream']) {
      const refused = await client.get(path);
      expect([refused.status, refused.headers.get('content-type')]).toEqual([
        429,
        'text/html; charset=utf-8',
      ]);
      expect(refused.headers.get('retry-after')).toMatch(/^\d+$/);
    }
    expect((await call(app.service.address, 'GET', '/v1/mailboxes', { key })).status).toBe(429);
  });

  it('slows down who guesses keys, as the API does', async () => {
    const client = new ConsoleClient(app.service.address);
    const statuses: number[] = [];
    for (let n = 0; n < 7; n++) statuses.push((await client.signIn(`iwk_${n}`)).status);
    expect(statuses).toContain(401);
    expect(statuses.at(-1)).toBe(429);
    expect((await client.signIn('iwk_x')).headers.get('retry-after')).toMatch(/^\d+$/);
    // A good key is never refused because of them.
    expect((await client.signIn(API_KEY)).status).toBe(303);
  });
});
