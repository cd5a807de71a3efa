import type { DataSource } from 'typeorm';
import { Receiver } from '../../fakes/receiver/receiver';
import { createTestDatabase, type TestDatabase } from '../../support/database/database';
import { eventually } from '../../support/eventually';
import { SECRETS } from '../../support/program/local-setup';
import { insertMailbox, type TestMailbox, TestReplica } from '../../support/test-replica';

const KEY = `Bearer ${'k3y-'.repeat(8)}`;
const HEADERS = { Authorization: KEY, 'x-tenant': 'blue team' };
const SHOWN = { authorization: '***', 'x-tenant': '***' };

describe('the headers of an endpoint', () => {
  let database: TestDatabase;
  let dataSource: DataSource;
  let replica: TestReplica;
  let receiver: Receiver;
  let mailbox: TestMailbox;
  const logs: string[] = [];
  beforeAll(async () => {
    database = await createTestDatabase();
    dataSource = database.dataSource;
    replica = await TestReplica.start(database.url, { DELIVERY_RETRY_DELAYS: '50ms,50ms' }, logs);
  });
  afterAll(async () => {
    await replica.stop();
    await database.drop();
  });
  beforeEach(async () => {
    receiver = await Receiver.start();
    mailbox = await insertMailbox(dataSource);
  });
  afterEach(async () => {
    await receiver.stop();
    await replica.deleteEndpoints();
  });

  const received = (count: number) =>
    eventually(() => receiver.received, { until: ({ length }) => length >= count });
  const patch = (id: string, fields: object) => replica.api('PATCH', `/v1/endpoints/${id}`, fields);

  it('come with every request: attempts, repeats and tests', async () => {
    const { id } = await replica.endpoint(receiver.origin, { headers: HEADERS });
    receiver.answer = () => (receiver.received.length === 1 ? 500 : 204);
    await replica.append(mailbox);
    await received(2);
    await replica.api('POST', `/v1/endpoints/${id}/test`);
    await received(3);
    for (const { headers } of receiver.received)
      expect(headers).toMatchObject({
        authorization: KEY,
        'x-tenant': 'blue team',
        'content-type': 'application/json',
        'webhook-signature': expect.stringMatching(/^v1,/),
      });
  });

  it('are shown by their names, replaced as a whole, and removed by null', async () => {
    const made = await replica.endpoint(receiver.origin, { headers: HEADERS });
    expect(made.headers).toEqual(SHOWN);
    expect((await replica.api('GET', `/v1/endpoints/${made.id}`)).body.headers).toEqual(SHOWN);
    expect((await replica.api('GET', '/v1/endpoints')).body.data[0]!.headers).toEqual(SHOWN);
    expect((await patch(made.id, { description: 'x' })).body.headers).toEqual(SHOWN);
    expect((await patch(made.id, { headers: { 'X-Key': '1' } })).body.headers).toEqual({ 'x-key': '***' });
    await replica.append(mailbox);
    await received(1);
    expect(receiver.received[0]!.headers).toMatchObject({ 'x-key': '1' });
    expect(receiver.received[0]!.headers).not.toHaveProperty('authorization');
    expect((await patch(made.id, { headers: null })).body.headers).toBeNull();
    await replica.append(mailbox);
    await received(2);
    expect(receiver.received[1]!.headers).not.toHaveProperty('x-key');
    expect((await replica.endpoint(receiver.origin)).headers).toBeNull();
  });

  it('are kept encrypted, and leak by no answer, attempt, error or line of the log', async () => {
    const { id } = await replica.endpoint(receiver.origin, { headers: HEADERS });
    receiver.answer = ({ headers }) => ({
      status: 500,
      body: JSON.stringify({ headers, cut: KEY.slice(0, 20) }).slice(0, -2),
    });
    await replica.append(mailbox);
    await received(3);
    await eventually(() => replica.api('GET', `/v1/deliveries?endpointId=${id}&status=dead`), {
      until: ({ body }) => body.data.length === 1,
    });
    await replica.api('POST', '/v1/endpoints', {
      url: receiver.origin,
      headers: { 'content-type': KEY, y: `${KEY}\n` },
    });
    const { body } = await replica.api('GET', `/v1/deliveries?endpointId=${id}`);
    expect(body.data[0]!.attempts[0]!.response).toContain('"authorization":"***"');
    const rows = await dataSource.query<{ text: string }[]>(
      'SELECT e::text AS text FROM endpoints e UNION ALL SELECT d::text FROM deliveries d',
    );
    const everything = [...rows.map(({ text }) => text), ...logs, JSON.stringify(body)].join('\n');
    expect(everything).toContain('authorization');
    for (const secret of ['k3y-k3y-k3y', 'blue team']) expect(everything).not.toContain(secret);
  });

  it('move to the first key with the other secrets, and ask for their key when it is gone', async () => {
    const { id } = await replica.endpoint(receiver.origin, { headers: HEADERS });
    const keyOf = async () => {
      const [row] = await dataSource.query<[{ headers: string }]>(
        'SELECT headers FROM endpoints WHERE id = $1',
        [id],
      );
      return row.headers.split(':')[0];
    };
    const old = await keyOf();
    const [{ headers }] = await dataSource.query<[{ headers: string }]>('SELECT headers FROM endpoints');
    const newKey = `new:${Buffer.alloc(32, 7).toString('base64')}`;
    const oldKey = SECRETS.ENCRYPTION_KEYS;
    const rotated = await TestReplica.start(database.url, { ENCRYPTION_KEYS: `${newKey},${oldKey}` });
    try {
      await eventually(keyOf, { until: (key) => key === 'new' });
      expect(old).not.toBe('new');
      expect((await rotated.api('POST', `/v1/endpoints/${id}/test`)).body).toMatchObject({ status: 204 });
      expect(receiver.received.at(-1)!.headers).toMatchObject({ authorization: KEY });
    } finally {
      await rotated.stop();
    }
    // The other replica has not got the new key.
    expect((await replica.api('POST', `/v1/endpoints/${id}/test`)).body).toMatchObject({
      code: 'endpoint_secret_unreadable',
    });
    await dataSource.query('UPDATE endpoints SET headers = $1', [headers]);
  });

  it('are not for a topic, which has none', async () => {
    const url = 'pubsub://projects/p-12345/topics/mail';
    const refused = { status: 400, body: { errors: [{ path: 'headers' }] } };
    expect(await replica.api('POST', '/v1/endpoints', { url, headers: HEADERS })).toMatchObject(refused);
    const topic = await replica.endpoint(url);
    expect(await patch(topic.id, { headers: HEADERS })).toMatchObject(refused);
    const { id } = await replica.endpoint(receiver.origin, { headers: HEADERS });
    expect(await patch(id, { url })).toMatchObject(refused);
    expect((await patch(id, { url, headers: null })).body).toMatchObject({ url, headers: null });
  });

  it.each([
    ...['Webhook-Id', 'webhook-timestamp', 'webhook-signature', 'Connection', 'keep-alive', 'te', 'trailer'],
    ...[
      'proxy-authenticate',
      'proxy-authorization',
      'proxy-connection',
      'transfer-encoding',
      'upgrade',
      'HOST',
      'content-length',
      'content-type',
      'user-agent',
    ],
    ...['a b', 'a:b', 'é', ''],
  ])('do not have the name %j', async (name) => {
    const { status, body } = await replica.api('POST', '/v1/endpoints', {
      url: receiver.origin,
      headers: { ok: '1', [name]: 'x' },
    });
    expect([status, body]).toMatchObject([400, { errors: [{ path: name ? `headers.${name}` : 'headers' }] }]);
  });

  it.each(['', ' x', 'x ', 'a\tb', 'a\nb', 'é', 'x'.repeat(4_097), '***', 7, null])(
    'do not have the value %j',
    async (value) => {
      const { status, body } = await replica.api('POST', '/v1/endpoints', {
        url: receiver.origin,
        headers: { 'x-key': value },
      });
      expect([status, body]).toMatchObject([400, { errors: [{ path: 'headers.x-key' }] }]);
    },
  );

  it('are checked in a change as in a new endpoint, and one that is refused changes nothing', async () => {
    const { id } = await replica.endpoint(receiver.origin, { headers: HEADERS });
    const tooMany = Object.fromEntries(Array.from({ length: 21 }, (_, n) => [`x-${n}`, '1']));
    const faults: [object, string][] = [
      [{ 'Webhook-Signature': 'x' }, 'headers.Webhook-Signature'],
      [{ host: 'elsewhere.example' }, 'headers.host'],
      [{ 'x-key': 'a\r\nx-other: b' }, 'headers.x-key'],
      [{ 'x-key': 7 }, 'headers.x-key'],
      [{ Authorization: '***' }, 'headers.Authorization'],
      [{ a: '1', A: '2' }, 'headers.A'],
      [tooMany, 'headers'],
    ];
    for (const [headers, path] of faults)
      expect(await patch(id, { headers })).toMatchObject({ status: 400, body: { errors: [{ path }] } });
    await replica.append(mailbox);
    await received(1);
    expect(receiver.received[0]!.headers).toMatchObject({ authorization: KEY, 'x-tenant': 'blue team' });
  });

  it('are twenty at most, of 4,096 characters, and each once', async () => {
    const many = (count: number) =>
      Object.fromEntries(Array.from({ length: count }, (_, n) => [`x-${n}`, 'x'.repeat(4_096)]));
    await replica.endpoint(receiver.origin, { headers: many(20) });
    const ask = (headers: unknown) => replica.api('POST', '/v1/endpoints', { url: receiver.origin, headers });
    expect(await ask(many(21))).toMatchObject({ status: 400, body: { errors: [{ path: 'headers' }] } });
    expect(await ask({ a: '1', A: '2' })).toMatchObject({
      status: 400,
      body: { errors: [{ path: 'headers.A' }] },
    });
    expect(await ask(['a'])).toMatchObject({ status: 400 });
    expect((await ask({})).body).toMatchObject({ headers: null });
  });
});
