import { ApiKeyStore } from '../../../src/access/key/api-key.store';
import { call } from '../../support/call';
import { notification, sendPush, wrapped } from '../../support/webhook/push';
import { createTestApp, type TestApp } from '../../support/test-app';

const LIMIT = 10;

describe('the rate limit', () => {
  let app: TestApp;
  let keys: string[];
  beforeAll(async () => {
    app = await createTestApp({ API_RATE_LIMIT: String(LIMIT) });
    keys = [];
    for (let n = 0; n < 5; n++)
      keys.push((await app.api.post('/v1/api-keys', { name: 'x', scopes: ['read'] }, 201)).key);
  });
  afterAll(() => app?.close());

  const get = (path: string, key: string | null) => call(app.service.address, 'GET', path, { key });
  const numbers = (headers: Headers) =>
    ['ratelimit-limit', 'ratelimit-remaining', 'ratelimit-reset'].map((name) => Number(headers.get(name)));

  it('is named in every answer, and counts each key for itself', async () => {
    for (let n = 1; n <= LIMIT; n++) {
      const { status, headers } = await get('/v1/mailboxes', keys[0]!);
      expect(status).toBe(200);
      const [limit, remaining, reset] = numbers(headers);
      expect([limit, remaining]).toEqual([LIMIT, LIMIT - n]);
      expect(reset).toBeGreaterThan(0);
      expect(reset).toBeLessThanOrEqual(60);
      expect(headers.get('ratelimit-policy')).toBe(`"key";q=${LIMIT};w=60`);
      expect(headers.get('ratelimit')).toBe(`"key";r=${remaining};t=${reset}`);
      expect(headers.get('retry-after')).toBeNull();
    }
    const refused = await get('/v1/mailboxes', keys[0]!);
    expect(refused).toMatchObject({ status: 429, body: { status: 429, code: 'rate_limited' } });
    expect(refused.headers.get('content-type')).toMatch('application/problem+json');
    const [limit, remaining, reset] = numbers(refused.headers);
    expect([limit, remaining, refused.headers.get('retry-after')]).toEqual([LIMIT, 0, String(reset)]);
    expect((await get('/v1/mailboxes', keys[1]!)).status).toBe(200);
  });

  it('counts what is refused and what is not there as well', async () => {
    const statuses = [];
    for (let n = 0; n <= LIMIT; n++)
      statuses.push((await get(n % 2 ? '/v1/nothing' : '/v1/api-keys', keys[2]!)).status);
    expect(statuses).toEqual([403, 404, 403, 404, 403, 404, 403, 404, 403, 404, 429]);
  });

  it('slows down who guesses, and refuses no good key because of it, not even one that this process has never seen', async () => {
    expect((await get('/v1/mailboxes', keys[3]!)).status).toBe(200);
    const guess = (n: number) => get('/v1/mailboxes', n % 2 ? `iwk_${String(n).padEnd(43, 'x')}` : null);
    for (let n = 0; n < LIMIT; n++) expect((await guess(n)).status).toBe(401);
    for (let n = 0; n < 2; n++) {
      const refused = await guess(n);
      expect([refused.status, refused.body.code]).toEqual([429, 'rate_limited']);
      expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
    }
    expect((await get('/v1/mailboxes', keys[3]!)).status).toBe(200);
    // One that was not used before.
    expect((await get('/v1/mailboxes', keys[4]!)).status).toBe(200);
  });

  it('lets a new key in while a thousand wrong ones come from the same address, with one connection for all of them', async () => {
    const replica = await app.replica();
    const store = replica.application.get(ApiKeyStore, { strict: false });
    const findLive = store.findLive.bind(store);
    let [running, most] = [0, 0];
    jest.spyOn(store, 'findLive').mockImplementation(async (digests) => {
      most = Math.max(most, ++running);
      return findLive(digests).finally(() => running--);
    });
    const at = (path: string, key: string) => call(replica.address, 'GET', path, { key });
    const wrong = Array.from({ length: 1_000 }, (_, n) =>
      at('/v1/mailboxes', `iwk_${String(n).padEnd(43, 'y')}`),
    );
    const { key } = await app.api.post('/v1/api-keys', { name: 'late', scopes: ['read'] }, 201);
    expect((await at('/v1/mailboxes', key)).status).toBe(200);
    const statuses = (await Promise.all(wrong)).map(({ status }) => status);
    expect(new Set(statuses)).toEqual(new Set([401, 429]));
    expect(statuses.filter((status) => status === 401).length).toBeLessThanOrEqual(LIMIT);
    expect(most).toBe(1);
    expect((await at('/v1/mailboxes', keys[4]!)).status).toBe(200);
  });

  it('leaves alone what is not the API', async () => {
    for (let n = 0; n < 2 * LIMIT; n++) {
      const health = await get('/health/live', null);
      expect([health.status, health.headers.get('ratelimit-limit')]).toEqual([200, null]);
    }
    for (let n = 0; n < 2 * LIMIT; n++)
      expect((await sendPush(app, { body: wrapped(notification('nobody@example.com', '"1"')) })).status).toBe(
        204,
      );
  });

  it('can be turned off', async () => {
    const free = await createTestApp({ API_RATE_LIMIT: '0' });
    try {
      const { status, headers } = await call(free.service.address, 'GET', '/v1/mailboxes');
      expect([status, headers.get('ratelimit-limit')]).toEqual([200, null]);
    } finally {
      await free.close();
    }
  });
});
