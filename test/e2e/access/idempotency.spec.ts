import { request } from 'node:http';
import type { Service } from '../../../src/service';
import type { EndpointWithSecret } from '../../support/api-types';
import { call } from '../../support/call';
import { eventually } from '../../support/eventually';
import { tables } from '../../support/database/tables';
import { createTestApp, type TestApp } from '../../support/test-app';

const PATH = '/v1/connect-sessions';

interface KeyRow {
  status: number | null;
  created_at: Date;
  claimed_until: Date;
}

describe('Idempotency-Key', () => {
  let app: TestApp;
  let other: Service;
  beforeAll(async () => {
    app = await createTestApp();
    other = await app.replica();
  });
  afterAll(() => app?.close());

  let count = 0;
  const newKey = () => `order-${++count}`;
  const post = (key: string, body: object = {}, options: { path?: string; at?: Service; by?: string } = {}) =>
    call((options.at ?? app.service).address, 'POST', options.path ?? PATH, {
      body,
      headers: { 'idempotency-key': key },
      ...(options.by !== undefined && { key: options.by }),
    });
  const query = <Row>(text: string, values: unknown[] = []) =>
    app.database.dataSource.query<Row[]>(text, values);
  const sessionsOf = async (externalId: string) =>
    (await query('SELECT 1 FROM connect_sessions WHERE external_id = $1', [externalId])).length;
  const rowOf = async (key: string) =>
    (await query<KeyRow>('SELECT * FROM idempotency_keys WHERE key = $1', [key]))[0];

  it('gives the same answer again, on every replica, and does the work once', async () => {
    const key = newKey();
    const first = await post(key, { externalId: key });
    expect([first.status, first.headers.get('idempotency-replayed')]).toEqual([201, null]);
    for (const at of [app.service, other]) {
      const again = await post(key, { externalId: key }, { at });
      expect([again.status, again.text, again.headers.get('idempotency-replayed')]).toEqual([
        201,
        first.text,
        'true',
      ]);
      expect(again.headers.get('content-type')).toBe(first.headers.get('content-type'));
    }
    expect(await sessionsOf(key)).toBe(1);
    await post(newKey(), { externalId: key });
    expect(await sessionsOf(key)).toBe(2);
  });

  it('lets one of many do it that come at the same time', async () => {
    const key = newKey();
    const all = await Promise.all(
      Array.from({ length: 20 }, (_, n) =>
        post(key, { externalId: key }, { at: n % 2 ? app.service : other }),
      ),
    );
    const done = all.filter(({ status }) => status === 201);
    const busy = all.filter(({ status }) => status === 409);
    expect(done.length + busy.length).toBe(20);
    expect(done.length).toBeGreaterThan(0);
    expect(new Set(done.map(({ text }) => text)).size).toBe(1);
    for (const { body, headers } of busy)
      expect([body.code, headers.get('retry-after')]).toEqual(['idempotency_key_in_use', '1']);
    expect(await sessionsOf(key)).toBe(1);
    expect((await post(key, { externalId: key })).text).toBe(done[0]!.text);
  });

  it('stands for one request: another body, path or query is refused', async () => {
    const key = newKey();
    const { text } = await post(key, { externalId: 'one' });
    for (const answer of [
      await post(key, { externalId: 'two' }),
      await post(key, { externalId: 'one' }, { path: '/v1/endpoints' }),
      await post(key, { externalId: 'one' }, { path: `${PATH}?x=1` }),
    ])
      expect([answer.status, answer.body.code]).toEqual([409, 'idempotency_key_reused']);
    expect((await post(key, { externalId: 'one' })).text).toBe(text);
  });

  it('belongs to the API key that it came with', async () => {
    const make = async () => (await app.api.post('/v1/api-keys', { name: 'x', scopes: ['write'] }, 201)).key;
    const key = newKey();
    const callers = [await make(), await make(), app.environment.API_KEY!];
    const ask = async () => {
      const answers = [];
      for (const by of callers) answers.push(await post(key, {}, { by }));
      return answers.map(({ status, text }) => ({ status, text }));
    };
    const answers = await ask();
    expect(answers.map(({ status }) => status)).toEqual([201, 201, 201]);
    expect(new Set(answers.map(({ text }) => text)).size).toBe(3);
    expect(await ask()).toEqual(answers);
  });

  it('keeps what is refused for good as well', async () => {
    const key = newKey();
    const first = await post(key, { colour: 'red' });
    expect(first.body.code).toBe('validation_failed');
    const again = await post(key, { colour: 'red' });
    expect([again.status, again.text]).toEqual([400, first.text]);
    expect(again.headers.get('content-type')).toMatch('application/problem+json');
  });

  it('does not keep what failed on our side: it is done when it comes again', async () => {
    const key = newKey();
    await query('ALTER TABLE connect_sessions RENAME TO elsewhere');
    const failed = await post(key, { externalId: key });
    await query('ALTER TABLE elsewhere RENAME TO connect_sessions');
    expect(failed.status).toBe(500);
    const done = await post(key, { externalId: key });
    expect([done.status, done.headers.get('idempotency-replayed')]).toEqual([201, null]);
  });

  it('does not keep a refusal for the lack of a scope', async () => {
    const key = newKey();
    const { key: by } = await app.api.post('/v1/api-keys', { name: 'x', scopes: ['read'] }, 201);
    expect((await post(key, {}, { by })).status).toBe(403);
    expect(await rowOf(key)).toBeUndefined();
  });

  it('remembers secrets without showing them in the database', async () => {
    const key = newKey();
    const body = { url: 'http://127.0.0.1:9/hook' };
    const { text } = await post(key, body, { path: '/v1/endpoints' });
    expect((await post(key, body, { path: '/v1/endpoints' })).text).toBe(text);
    const dump = JSON.stringify(await tables(app));
    expect(dump).toContain(key);
    expect(dump).not.toContain((JSON.parse(text) as EndpointWithSecret).secret);
  });

  it('waits for a process that died until its claim has run out, and is then done again', async () => {
    const key = newKey();
    await post(key, { externalId: key });
    // As a process leaves it behind that dies before it has remembered the answer.
    await query('UPDATE idempotency_keys SET status = NULL, body = NULL WHERE key = $1', [key]);
    const early = await post(key, { externalId: key });
    expect([early.status, early.body.code]).toEqual([409, 'idempotency_key_in_use']);
    const { created_at, claimed_until } = (await rowOf(key))!;
    expect(claimed_until.getTime() - created_at.getTime()).toBe(12_000);

    await query("UPDATE idempotency_keys SET claimed_until = now() - interval '1 s' WHERE key = $1", [key]);
    expect((await post(key, { externalId: 'another' })).body.code).toBe('idempotency_key_reused');
    const again = await Promise.all([1, 2, 3].map(() => post(key, { externalId: key })));
    expect(
      again.filter(({ headers, status }) => status === 201 && !headers.has('idempotency-replayed')),
    ).toHaveLength(1);
    expect(await sessionsOf(key)).toBe(2);
  });

  it('remembers the answer for one who hung up before it came', async () => {
    const key = newKey();
    const holder = app.database.dataSource.createQueryRunner();
    await holder.startTransaction();
    await holder.query('LOCK TABLE connect_sessions IN ACCESS EXCLUSIVE MODE');
    const sent = request(app.service.address + PATH, {
      method: 'POST',
      headers: {
        authorization: `Bearer ${app.environment.API_KEY}`,
        'content-type': 'application/json',
        'idempotency-key': key,
      },
    });
    sent.on('error', () => undefined).end(JSON.stringify({ externalId: key }));
    await eventually(() => rowOf(key));
    sent.destroy();
    await holder.commitTransaction();
    await holder.release();
    await eventually(async () => (await rowOf(key))?.status === 201);
    const again = await post(key, { externalId: key });
    expect([again.status, again.headers.get('idempotency-replayed')]).toEqual([201, 'true']);
    expect(await sessionsOf(key)).toBe(1);
  });

  it('is free again after a day, and is swept', async () => {
    const [again, swept] = [newKey(), newKey()];
    for (const key of [again, swept]) await post(key, { externalId: key });
    await query("UPDATE idempotency_keys SET created_at = now() - interval '24 hours' WHERE key = ANY ($1)", [
      [again, swept],
    ]);
    const anew = await post(again, { externalId: 'something else' });
    expect([anew.status, anew.headers.get('idempotency-replayed')]).toEqual([201, null]);
    await app.replica();
    await eventually(async () => (await rowOf(swept)) === undefined);
    expect(await rowOf(again)).toBeDefined();
  });

  it.each(['', 'two words', 'ü', 'x'.repeat(256)])('is not %j', async (key) => {
    const answer = await call(app.service.address, 'POST', PATH, {
      body: {},
      headers: { 'idempotency-key': key },
    });
    expect([answer.status, answer.body.errors![0]!.path]).toEqual([400, 'Idempotency-Key']);
  });

  it('means nothing for what can be repeated anyway', async () => {
    const key = newKey();
    const headers = { 'idempotency-key': key };
    for (let n = 0; n < 2; n++) {
      const answer = await call(app.service.address, 'GET', '/v1/mailboxes', { headers });
      expect([answer.status, answer.headers.get('idempotency-replayed')]).toEqual([200, null]);
    }
    expect(await rowOf(key)).toBeUndefined();
  });
});
