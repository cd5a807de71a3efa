import type { Service } from '../../../src/service';
import { call } from '../../support/call';
import { eventually } from '../../support/eventually';
import { tables } from '../../support/database/tables';
import { createCabledApp } from '../../support/database/cabled-app';
import type { TcpProxy } from '../../support/database/tcp-proxy';
import type { TestApp } from '../../support/test-app';

const UNKNOWN = `iwk_${'x'.repeat(43)}`;

describe('API keys', () => {
  let app: TestApp;
  let other: Service;
  let cable: TcpProxy;
  beforeAll(async () => {
    ({ app, cable } = await createCabledApp());
    other = await app.replica();
  });
  afterAll(async () => {
    await app?.close();
    await cable?.cut();
  });

  const create = (scopes: string[], fields: Record<string, unknown> = {}) =>
    app.api.post('/v1/api-keys', { name: 'CRM', scopes, ...fields }, 201);
  const statusOf = async (service: Service, key: string, path = '/v1/mailboxes') =>
    (await call(service.address, 'GET', path, { key })).status;

  it('are shown once, and never again', async () => {
    const { key, ...shown } = await create(['write', 'read', 'write']);
    expect(key).toMatch(/^iwk_[\w-]{43}$/);
    expect(shown).toEqual({
      id: expect.stringMatching(/^key_/),
      name: 'CRM',
      hint: key.slice(-4),
      scopes: ['read', 'write'],
      createdAt: expect.any(String),
      expiresAt: null,
      lastUsedAt: null,
      revokedAt: null,
    });
    expect(await app.api.get(`/v1/api-keys/${shown.id}`)).toEqual(shown);
    const { data } = await app.api.get('/v1/api-keys?limit=500');
    expect(data).toContainEqual(shown);
  });

  it('are in no table and in no log', async () => {
    const idempotency = { 'idempotency-key': 'made-once' };
    const body = { name: 'Kept', scopes: ['read'] };
    const { body: made } = await call(app.service.address, 'POST', '/v1/api-keys', {
      body,
      headers: idempotency,
    });
    expect(await statusOf(app.service, made.key)).toBe(200);
    const dump = JSON.stringify(await tables(app));
    expect(dump).toContain(made.id);
    for (const secret of [made.key, made.key.slice(4), Buffer.from(made.key).toString('hex')])
      expect(dump).not.toContain(secret);
    expect(app.logs.join('\n')).not.toContain(made.key);
  });

  it.each([
    ['read', { read: 200, write: 403, admin: 403 }],
    ['write', { read: 200, write: 201, admin: 403 }],
    ['admin', { read: 200, write: 201, admin: 200 }],
  ])('with the scope %s may do what it covers', async (scope, expected) => {
    const { key } = await create([scope]);
    const { address } = other;
    const asked = {
      read: await call(address, 'GET', '/v1/endpoints', { key }),
      write: await call(address, 'POST', '/v1/endpoints', { key, body: { url: 'http://127.0.0.1:9/x' } }),
      admin: await call(address, 'GET', '/v1/api-keys', { key }),
    };
    for (const [needed, answer] of Object.entries(asked)) {
      expect([needed, answer.status]).toEqual([needed, expected[needed as keyof typeof expected]]);
      if (answer.status === 403)
        expect(answer.body).toMatchObject({
          code: 'missing_scope',
          requiredScope: needed,
          detail: expect.stringContaining(`\`${needed}\``),
        });
    }
  });

  it('let nobody in any more, on any replica, once they are revoked', async () => {
    const { id, key } = await create(['read']);
    const services = [app.service, other];
    for (const service of services) expect(await statusOf(service, key)).toBe(200);
    const stream = await fetch(`${other.address}/v1/events/stream`, {
      headers: { authorization: `Bearer ${key}` },
    });
    expect(stream.headers.get('ratelimit-limit')).toBe('30000');
    const reader = stream.body!.getReader();
    await reader.read();

    await app.api.delete(`/v1/api-keys/${id}`, 204);
    const revoked = performance.now();
    expect(await statusOf(app.service, key)).toBe(401);
    await eventually(() => statusOf(other, key), { until: (status) => status === 401, timeout: 1_000 });
    const ended = async () => (await reader.read()).done;
    await expect(eventually(ended, { timeout: 1_000 })).rejects.toThrow(/terminated|closed/);
    // The memory of a key lasts longer: it was the message that reached the other replica.
    expect(performance.now() - revoked).toBeLessThan(3_000);

    const after = await app.api.get(`/v1/api-keys/${id}`);
    expect(after.revokedAt).toEqual(expect.any(String));
    await app.api.delete(`/v1/api-keys/${id}`, 204);
    expect(await app.api.get(`/v1/api-keys/${id}`)).toEqual(after);
  });

  it('let nobody in any more once they have expired', async () => {
    const { key } = await create(['read'], { expiresAt: new Date(Date.now() + 1_500).toISOString() });
    expect(await statusOf(app.service, key)).toBe(200);
    await eventually(() => statusOf(app.service, key), { until: (status) => status === 401 });
  });

  it('are refused in the same words, whatever is wrong with them', async () => {
    const { id, key } = await create(['read']);
    await app.api.delete(`/v1/api-keys/${id}`, 204);
    const answers = [];
    for (const wrong of [key, UNKNOWN, 'nonsense', null]) {
      const { status, headers, body } = await call(app.service.address, 'GET', '/v1/events', {
        key: wrong,
      });
      answers.push({ status, asks: headers.get('www-authenticate'), ...body, requestId: '' });
    }
    expect(answers[0]).toMatchObject({ status: 401, asks: 'Bearer', code: 'unauthorized' });
    for (const answer of answers) expect(answer).toEqual(answers[0]);
  });

  it('show when they were last used, to the minute', async () => {
    const { id, key } = await create(['read']);
    const lastUse = async () => (await app.api.get(`/v1/api-keys/${id}`)).lastUsedAt;
    await statusOf(app.service, key);
    const first = await eventually(lastUse);
    expect(Date.now() - Date.parse(first!)).toBeLessThan(60_000);
    // Used again, and on the other replica, which tries to write it too and must not.
    const second = await create(['read']);
    for (const used of [key, second.key]) await statusOf(other, used);
    await eventually(async () => (await app.api.get(`/v1/api-keys/${second.id}`)).lastUsedAt);
    expect(await lastUse()).toBe(first);
  });

  it.each([
    [{ scopes: ['read'] }, 'name'],
    [{ name: 'x', scopes: [] }, 'scopes'],
    [{ name: 'x', scopes: ['root'] }, 'scopes'],
    [{ name: 'x', scopes: ['read'], expiresAt: 'tomorrow' }, 'expiresAt'],
    [{ name: 'x', scopes: ['read'], expiresAt: '2020-01-01T00:00:00Z' }, 'expiresAt'],
    [{ name: 'x', scopes: ['read'], expiresAt: '9999-12-31T23:59:59-23:59' }, 'expiresAt'],
    [{ name: 'x', scopes: ['read'], expiresAt: '2030-02-30T00:00:00Z' }, 'expiresAt'],
    [{ name: 'x\u0000', scopes: ['read'] }, 'name'],
  ])('are not made of %j', async (body, path) => {
    const answer = await call(app.service.address, 'POST', '/v1/api-keys', { body });
    expect(answer.status).toBe(400);
    expect(answer.body.errors![0]!.path).toBe(path);
  });

  it('that are not there are not found', async () => {
    for (const id of ['key_01h455vb4pex5vsknk084sn02q', 'nonsense']) {
      await app.api.get(`/v1/api-keys/${id}`, 404);
      await app.api.delete(`/v1/api-keys/${id}`, 404);
    }
  });

  it('that are in use go on while the database is away; about others nothing is said', async () => {
    const [used, unused] = [await create(['read']), await create(['read'])];
    // Answered without the database, so that only the key could need it.
    const path = '/v1/nothing';
    expect(await statusOf(app.service, used.key, path)).toBe(404);
    await cable.cut();
    expect(await statusOf(app.service, used.key, path)).toBe(404);
    expect(await statusOf(app.service, app.environment.API_KEY!, path)).toBe(404);
    for (const key of [unused.key, `iwk_${'z'.repeat(43)}`]) {
      const answer = await call(app.service.address, 'GET', path, { key });
      expect([answer.status, answer.body.code]).toEqual([503, 'unavailable']);
    }
    expect(await statusOf(app.service, 'nonsense', path)).toBe(401);
    await cable.restore();
    await eventually(() => statusOf(app.service, unused.key, path), { until: (status) => status === 404 });
    expect(await statusOf(app.service, used.key, path)).toBe(404);
  });
});
