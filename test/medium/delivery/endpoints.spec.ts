import { eventually } from '../../support/eventually';
import { TestReplica, insertMailbox, type TestMailbox } from '../../support/test-replica';
import { startDeliveryTest } from '../../support/delivery/delivery-test';
import { holdAppend } from '../../support/delivery/held-append';

describe('endpoints', () => {
  const test = startDeliveryTest();
  let { database, replica, receiver } = test;
  beforeEach(() => void ({ database, replica, receiver } = test));

  const received = (count: number) =>
    eventually(() => receiver.sequences(), { until: (seen) => seen.length >= count });
  const types = () => receiver.received.map(({ event }) => event.type);

  describe('API', () => {
    const url = 'https://app.example.com/hook';

    it('registers with defaults, and shows the secret once', async () => {
      const { status, body } = await replica.api('POST', '/v1/endpoints', { url });
      expect(status).toBe(201);
      const { secret, warnings, ...endpoint } = body;
      expect(warnings).toEqual([]);
      expect(secret).toMatch(/^whsec_[A-Za-z0-9+/]{43}=$/);
      expect(endpoint).toEqual({
        id: expect.stringMatching(/^end_/),
        url,
        eventTypes: [],
        mailboxIds: [],
        ordering: 'mailbox',
        headers: null,
        filter: null,
        rateLimit: null,
        description: null,
        status: 'enabled',
        disabledReason: null,
        createdAt: expect.stringMatching(/Z$/),
      });
      expect(await replica.api('GET', `/v1/endpoints/${endpoint.id}`)).toEqual({
        status: 200,
        body: endpoint,
      });
      const [stored] = await database.dataSource.query<[{ secret: string }]>(
        'SELECT secret FROM endpoint_secrets',
      );
      expect(stored.secret).not.toContain(secret.slice(6));
    });

    it('takes null and an empty list as all', async () => {
      const { body } = await replica.api('POST', '/v1/endpoints', { url, eventTypes: null, mailboxIds: [] });
      expect(body).toMatchObject({ eventTypes: [], mailboxIds: [] });
    });

    it('changes what is given and nothing else', async () => {
      const { id } = await replica.endpoint(url, { eventTypes: ['message.added'], description: 'CRM' });
      const changed = await replica.api('PATCH', `/v1/endpoints/${id}`, { ordering: 'none' });
      expect(changed.body).toMatchObject({
        eventTypes: ['message.added'],
        description: 'CRM',
        ordering: 'none',
        url,
      });
      const cleared = await replica.api('PATCH', `/v1/endpoints/${id}`, {
        description: null,
        eventTypes: null,
      });
      expect(cleared.body).toMatchObject({ eventTypes: [], description: null, ordering: 'none' });
      const disabled = await replica.api('PATCH', `/v1/endpoints/${id}`, { status: 'disabled' });
      expect(disabled.body).toMatchObject({ status: 'disabled', disabledReason: null });
      expect((await replica.api('PATCH', `/v1/endpoints/${id}`, {})).body).toEqual(disabled.body);
    });

    it.each([
      ['POST', {}, 'url'],
      ['POST', { url: 'not a url' }, 'url'],
      ['POST', { url, eventTypes: ['message.seen'] }, 'eventTypes'],
      ['POST', { url, ordering: 'strict' }, 'ordering'],
      ['POST', { url, mailboxIds: [7] }, 'mailboxIds'],
      ['POST', { url, secret: 'whsec_mine' }, 'secret'],
      ['POST', { url: `${url}\0` }, 'url'],
      ['POST', { url, description: 'C\0RM' }, 'description'],
      ['POST', { url, mailboxIds: ['mbx_\0'] }, 'mailboxIds.0'],
      ['PATCH', { url: null }, 'url'],
      ['PATCH', { ordering: null }, 'ordering'],
      ['PATCH', { status: null }, 'status'],
      ['PATCH', { status: 'paused' }, 'status'],
      ['PATCH', { disabledReason: 'x' }, 'disabledReason'],
    ] as const)('refuses %s %j', async (method, fields, path) => {
      const { id } = await replica.endpoint(url);
      const { status, body } = await replica.api(
        method,
        method === 'POST' ? '/v1/endpoints' : `/v1/endpoints/${id}`,
        fields,
      );
      expect(status).toBe(400);
      expect(body.errors![0]!.path).toBe(path);
    });

    it('lists page by page', async () => {
      const ids = [];
      for (let n = 0; n < 3; n++) ids.push((await replica.endpoint(url)).id);
      const first = (await replica.api('GET', '/v1/endpoints?limit=2')).body;
      const second = (await replica.api('GET', `/v1/endpoints?limit=2&cursor=${first.nextCursor}`)).body;
      const listed = [...first.data, ...second.data].map(({ id }) => id);
      expect(listed).toEqual(ids);
      expect(second.nextCursor).toBeNull();
      expect(first.data[0]).not.toHaveProperty('secret');
    });

    it.each(['x', 'mbx_01h455vb4pex5vsknk084sn02q', '%00'])('knows nothing of %s', async (id) => {
      expect((await replica.api('GET', `/v1/endpoints/${id}`)).status).toBe(404);
      expect((await replica.api('POST', `/v1/endpoints/${id}/test`)).status).toBe(404);
    });

    it('deletes', async () => {
      const { id } = await replica.endpoint(url);
      expect((await replica.api('DELETE', `/v1/endpoints/${id}`)).status).toBe(204);
      for (const method of ['GET', 'PATCH', 'DELETE'] as const)
        expect(
          (await replica.api(method, `/v1/endpoints/${id}`, method === 'PATCH' ? {} : undefined)).status,
        ).toBe(404);
    });
  });

  describe('what they receive', () => {
    let mailbox: TestMailbox;
    let other: TestMailbox;
    beforeEach(async () => {
      mailbox = await insertMailbox(database.dataSource);
      other = await insertMailbox(database.dataSource);
    });

    it('is what is appended after their creation', async () => {
      await replica.append(mailbox, 2);
      await replica.endpoint(receiver.origin);
      await replica.append(mailbox);
      await replica.append(other);
      await received(2);
      expect(receiver.sequences(mailbox.id)).toEqual([3]);
      expect(receiver.sequences(other.id)).toEqual([1]);
    });

    it('is also what an append left out that did not see them yet', async () => {
      const held = await holdAppend(replica, mailbox, 2);
      await replica.endpoint(receiver.origin);
      await held.commit();
      expect(await received(2)).toEqual([1, 2]);
    });

    it('is of their types, and of their mailboxes', async () => {
      await replica.endpoint(receiver.origin, { eventTypes: ['watch.failed'], mailboxIds: [mailbox.id] });
      await replica.append(other, 1, 'watch.failed');
      await replica.append(mailbox, 2, 'watch.expired');
      await replica.append(mailbox, 1, 'watch.failed');
      expect(await received(1)).toEqual([3]);
      expect(receiver.received[0]!.event.mailbox.id).toBe(mailbox.id);
    });

    it('is nothing old when mailboxes are included later', async () => {
      const { id } = await replica.endpoint(receiver.origin, { mailboxIds: [mailbox.id] });
      await replica.append(other, 2);
      await replica.append(mailbox);
      await received(1);
      await replica.api('PATCH', `/v1/endpoints/${id}`, { mailboxIds: [] });
      await replica.append(other);
      await received(2);
      await replica.api('PATCH', `/v1/endpoints/${id}`, { mailboxIds: [other.id] });
      await replica.append(mailbox);
      await replica.append(other);
      await received(3);
      expect(receiver.sequences(mailbox.id)).toEqual([1]);
      expect(receiver.sequences(other.id)).toEqual([3, 4]);
    });

    it('is nothing old when types are wanted later', async () => {
      const { id } = await replica.endpoint(receiver.origin, { eventTypes: ['watch.failed'] });
      await replica.append(mailbox, 3, 'watch.expired');
      await replica.append(mailbox, 1, 'watch.failed');
      await replica.append(mailbox, 3, 'watch.expired');
      expect(await received(1)).toEqual([4]);
      await settled();
      await replica.api('PATCH', `/v1/endpoints/${id}`, { eventTypes: [] });
      await replica.append(mailbox, 1, 'watch.expired');
      expect(await received(2)).toEqual([4, 8]);
      expect(types()).toEqual(['watch.failed', 'watch.expired']);
    });

    it('skips a failing event that is no longer wanted, and counts the attempts of the next from one', async () => {
      const { id } = await replica.endpoint(receiver.origin);
      receiver.answer = ({ event }) => (event.type === 'watch.failed' ? 500 : 200);
      await replica.append(mailbox, 1, 'watch.failed');
      await replica.append(mailbox, 1, 'watch.expired');
      await received(1);
      await eventually(() => database.dataSource.query(`SELECT 1 FROM deliveries WHERE status = 'pending'`), {
        until: (rows: unknown[]) => rows.length > 0,
      });
      await replica.api('PATCH', `/v1/endpoints/${id}`, { eventTypes: ['watch.expired'] });
      expect(await received(2)).toEqual([1, 2]);
      await settled();
      const rows = await database.dataSource.query<{ attempts: unknown[] }[]>(
        'SELECT status, attempts FROM deliveries ORDER BY sequence',
      );
      expect(rows).toMatchObject([{ status: 'dead' }, { status: 'delivered' }]);
      expect(rows[1]!.attempts).toHaveLength(1);
    });

    it('goes to the new URL at once when the old one fails', async () => {
      const { id } = await replica.endpoint(`${receiver.origin}/old`);
      receiver.answer = ({ path }) => (path === '/old' ? 500 : 200);
      await replica.append(mailbox);
      await received(1);
      await eventually(() => database.dataSource.query(`SELECT 1 FROM deliveries WHERE status = 'pending'`), {
        until: (rows: unknown[]) => rows.length > 0,
      });
      await replica.api('PATCH', `/v1/endpoints/${id}`, { url: `${receiver.origin}/new` });
      await received(2);
      expect(receiver.received.map(({ path }) => path)).toEqual(['/old', '/new']);
    });

    const settled = () =>
      eventually(
        () => database.dataSource.query('SELECT 1 FROM delivery_cursors WHERE high_watermark > sequence'),
        { until: (due: unknown[]) => due.length === 0 },
      );
  });

  describe('with private addresses refused', () => {
    let strict: TestReplica;
    beforeAll(
      async () => void (strict = await TestReplica.start(database.url, { ALLOW_PRIVATE_ENDPOINTS: 'false' })),
    );
    afterAll(() => strict.stop());

    it.each([
      'http://127.0.0.1:8080/',
      'http://localhost/',
      'http://[::1]/',
      'http://2130706433/',
      'http://[::ffff:10.0.0.1]/',
      'http://169.254.169.254/latest/meta-data/',
      'http://metadata.google.internal/',
      'http://user:password@example.com/',
      'ftp://example.com/',
    ])('does not register %s', async (url) => {
      const { status, body } = await strict.api('POST', '/v1/endpoints', { url });
      expect(status).toBe(400);
      expect(body).toMatchObject({ code: 'endpoint_url_forbidden', errors: [{ path: 'url' }] });
    });

    it('does not change to one either, and accepts public addresses and names that do not resolve yet', async () => {
      const { id } = await strict.endpoint('https://8.8.8.8/');
      const { status, body } = await strict.api('PATCH', `/v1/endpoints/${id}`, { url: 'http://10.0.0.1/' });
      expect([status, body.code]).toEqual([400, 'endpoint_url_forbidden']);
      await strict.endpoint('https://does-not-exist.invalid/');
    });
  });
});
