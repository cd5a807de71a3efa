import type { Service } from '../../../src/service';
import { ConsoleClient, tokenIn } from '../../support/console/console-client';
import { API_KEY, createTestApp, type TestApp } from '../../support/test-app';

describe('in the console', () => {
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

  describe('a form', () => {
    const makesKey = async (client: ConsoleClient, options: Parameters<ConsoleClient['post']>[2]) => {
      const { status, html, headers } = await client.post(
        '/console/api-keys',
        { name: 'by a form', scopes: 'read' },
        options,
      );
      expect(headers.get('content-type')).toMatch('text/html');
      return { status, html };
    };
    const keysOfForms = async () =>
      (await app.api.get('/v1/api-keys?limit=500')).data.filter(({ name }) => name === 'by a form').length;

    it.each([
      ['without its token', { csrf: null }],
      ['with a token that is made up', { csrf: 'x'.repeat(40) }],
      ['from another origin', { origin: 'https://evil.example' }],
      ['from an origin that is not named', { origin: 'null' }],
    ])('%s is answered 403 with a page, and does nothing', async (_, options) => {
      const client = await signedIn();
      const before = await keysOfForms();
      const { status, html } = await makesKey(client, options);
      expect(status).toBe(403);
      expect(html).toContain('The form was refused');
      expect(await keysOfForms()).toBe(before);
    });

    it('with the token of another browser is refused', async () => {
      const [client, other] = [await signedIn(), await signedIn()];
      const csrf = tokenIn((await other.get('/console/mailboxes')).html);
      expect((await makesKey(client, { csrf })).status).toBe(403);
    });

    it('with the token of another session of the same browser is refused, and with that of sign-in', async () => {
      const client = visitor();
      const ofNobody = tokenIn((await client.get('/console/sign-in')).html);
      await client.signIn(API_KEY);
      const ofFirst = tokenIn((await client.get('/console/mailboxes')).html);
      expect((await makesKey(client, { csrf: ofFirst })).status).toBe(200);
      const secret = client.cookies.get('inboxwire_csrf');
      // In another tab, which was open before.
      expect((await client.post('/console/sign-in', { key: API_KEY }, { csrf: ofNobody })).status).toBe(303);
      expect(client.cookies.get('inboxwire_csrf')).toBe(secret);
      const before = await keysOfForms();
      for (const csrf of [ofFirst, ofNobody]) expect((await makesKey(client, { csrf })).status).toBe(403);
      expect(await keysOfForms()).toBe(before);
      expect((await makesKey(client.at(replica.address), { origin: replica.address })).status).toBe(200);
    });

    it('of the console itself is accepted, from the public address too', async () => {
      const client = await signedIn();
      const before = await keysOfForms();
      expect((await makesKey(client, {})).status).toBe(200);
      expect((await makesKey(client, { origin: app.service.settings.server.publicUrl })).status).toBe(200);
      expect(await keysOfForms()).toBe(before + 2);
    });

    it('of who was signed out meanwhile is answered 403 and says so', async () => {
      const client = await signedIn();
      const csrf = tokenIn((await client.get('/console/mailboxes')).html);
      await client.at(replica.address).post('/console/sign-out', {}, { origin: replica.address });
      expect(await makesKey(client, { csrf })).toMatchObject({
        status: 403,
        html: expect.stringContaining('You are signed out'),
      });
    });

    it('is sent anew whatever key for repetitions it brings, and needs its token', async () => {
      const client = await signedIn();
      const csrf = tokenIn((await client.get('/console/mailboxes')).html);
      const cookie = client.cookieHeader;
      const send = (fields: Record<string, string>) =>
        fetch(`${app.service.address}/console/api-keys`, {
          method: 'POST',
          headers: { cookie, 'idempotency-key': 'a-form' },
          body: new URLSearchParams({ name: 'by a form', scopes: 'read', ...fields }),
        });
      const before = await keysOfForms();
      const statuses = [await send({ csrf }), await send({}), await send({ csrf })].map(
        ({ status }) => status,
      );
      expect(statuses).toEqual([200, 403, 200]);
      expect(await keysOfForms()).toBe(before + 2);
    });

    it('of signing in is not read when it is large', async () => {
      const client = visitor();
      const csrf = tokenIn((await client.get('/console/sign-in')).html);
      const { status, html } = await client.post('/console/sign-in', { key: 'x'.repeat(20_000) }, { csrf });
      expect([status, html]).toEqual([413, expect.stringContaining('larger than any')]);
    });

    it('that changed something is in the log with the key that did it', async () => {
      const { id, key } = await newKey('admin');
      const client = await signedIn(key);
      await makesKey(client, {});
      expect(app.logs.some((line) => line.includes('changed through the API') && line.includes(id))).toBe(
        true,
      );
    });
  });

  describe('the scope of the key', () => {
    it.each([
      ['GET', '/console/mailboxes/connect'],
      ['GET', '/console/endpoints/new'],
      ['GET', '/console/api-keys'],
      ['POST', '/console/endpoints/new'],
      ['POST', '/console/api-keys'],
    ])('read is refused %s %s with a page that names what is missing', async (method, path) => {
      const client = await signedIn((await newKey('read')).key);
      const { status, html } = method === 'GET' ? await client.get(path) : await client.post(path);
      expect(status).toBe(403);
      expect(html).toMatch(/lacks the scope `(write|admin)`/);
    });

    it('offers what it allows and no more', async () => {
      const read = await signedIn((await newKey('read')).key);
      const write = await signedIn((await newKey('write')).key);
      expect((await read.get('/console/mailboxes')).html).not.toContain('Connect a mailbox');
      expect((await write.get('/console/mailboxes')).html).toContain('Connect a mailbox');
      for (const client of [read, write])
        expect((await client.get('/console')).html).not.toContain('/console/api-keys');
      expect((await (await signedIn()).get('/console')).html).toContain('/console/api-keys');
    });
  });

  describe('a page', () => {
    it('is kept by nobody, framed by nobody, and runs nothing that is not of this service', async () => {
      const client = await signedIn();
      for (const path of ['/console', '/console/api-keys', '/console/nothing']) {
        const { headers } = await client.get(path);
        expect(headers.get('cache-control')).toBe('no-store');
        const policy = headers.get('content-security-policy')!;
        for (const part of [
          "default-src 'none'",
          "frame-ancestors 'none'",
          "form-action 'self'",
          "base-uri 'none'",
        ])
          expect(policy).toContain(part);
        expect(policy).not.toMatch(/unsafe|https?:|\*/);
        expect(headers.get('referrer-policy')).toBe('same-origin');
        expect(headers.get('x-content-type-options')).toBe('nosniff');
      }
    });

    it('has no script or style of its own in the text', async () => {
      const { html } = await (await signedIn()).get('/console');
      expect(html).not.toMatch(/ style=| on\w+=|<style|<script>/);
    });

    it('loads what changes its name with its content and is kept for ever', async () => {
      const { html } = await visitor().get('/console/sign-in');
      const assets = [...html.matchAll(/(?:src|href)="(\/console\/assets\/[^"]+)"/g)].map(
        ([, path]) => path!,
      );
      expect(assets.length).toBeGreaterThanOrEqual(3);
      for (const path of assets) {
        expect(path).toMatch(/\.[0-9a-f]{12}\.(css|js|svg)$/);
        const { status, headers } = await visitor().get(path);
        expect([status, headers.get('cache-control')]).toEqual([200, 'public, max-age=31536000, immutable']);
      }
      expect((await visitor().get('/console/assets/console.000000000000.css')).status).toBe(404);
    });

    it.each([
      '/console/nothing',
      '/console/mailboxes/mbx_01h455vb4pex5vsknk084sn02q',
      '/console/endpoints/end_x/explode',
    ])('that is not there is answered 404 with a page: %s', async (path) => {
      const { status, html, headers } = await (await signedIn()).get(path);
      expect([status, headers.get('content-type')]).toEqual([404, 'text/html; charset=utf-8']);
      expect(html).toContain('<h1>');
    });

    it.each([
      '/console/mailboxes/%00',
      '/console/events?mailboxId=mbx_%00',
      '/console/events?cursor=%00',
      '/console/events/rows?after=%00',
      '/console/mailboxes?q=%00',
      '/console?period=constructor',
    ])('is no failure of the service, whatever is asked for: %s', async (path) => {
      expect((await (await signedIn()).get(path)).status).toBeLessThan(500);
    });

    it('is not begun for who wants no more of the stream than its headers', async () => {
      const client = await signedIn();
      const cookie = client.cookieHeader;
      const head = { method: 'HEAD', headers: { cookie }, signal: AbortSignal.timeout(10_000) };
      expect((await fetch(`${app.service.address}/console/events/stream`, head)).status).toBe(404);
    });

    it('is protected as a stream of events too', async () => {
      const headers = { cookie: (await signedIn()).cookieHeader };
      const end = new AbortController();
      const response = await fetch(`${app.service.address}/console/events/stream`, {
        headers,
        signal: end.signal,
      });
      end.abort();
      expect(response.headers.get('x-content-type-options')).toBe('nosniff');
      expect(response.headers.get('cache-control')).toContain('no-store');
      expect(response.headers.get('content-security-policy')).toContain("default-src 'none'");
    });

    it('is where / leads', async () => {
      const { status, headers } = await visitor().get('/');
      expect([status, headers.get('location')]).toEqual([302, '/console']);
    });
  });
});

describe('CONSOLE=false', () => {
  let app: TestApp;
  beforeAll(async () => {
    app = await createTestApp({ CONSOLE: 'false' });
  });
  afterAll(() => app?.close());

  it.each(['/console', '/console/sign-in', '/console/assets/console.css', '/console/nothing'])(
    'removes it: %s is 404',
    async (path) => {
      const { status, headers } = await new ConsoleClient(app.service.address).get(path);
      expect([status, headers.get('content-type')]).toEqual([404, expect.stringMatching('problem')]);
    },
  );

  it('leads from the root to the description of the API', async () => {
    const { status, headers } = await new ConsoleClient(app.service.address).get('/');
    expect([status, headers.get('location')]).toEqual([302, '/docs']);
  });
});
