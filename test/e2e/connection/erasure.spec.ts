import { Receiver } from '../../fakes/receiver/receiver';
import { Keyring } from '../../../src/common/keyring';
import { messageNumber } from '../../../src/sync/snapshot/message-number';
import type { Mailbox } from '../../support/api-types';
import { connectMailbox } from '../../support/connection/connect-mailbox';
import { dumpOf, tablesWith } from '../../support/database/dump';
import { everyEventOf, quiet } from '../../support/event/mailbox-log';
import { StreamClient } from '../../support/event/stream-client';
import { ofType } from '../../support/event/of-type';
import { eventually } from '../../support/eventually';
import { snapshotIs } from '../../support/sync/snapshot';
import { API_KEY, createTestApp, type TestApp } from '../../support/test-app';

describe('the erasure of a mailbox', () => {
  let app: TestApp;
  let receiver: Receiver;
  let count = 0;
  let address: string;
  beforeAll(async () => {
    app = await createTestApp({ ALLOW_PRIVATE_ENDPOINTS: 'true', DELIVERY_RETRY_DELAYS: '200ms,1h' });
    receiver = await Receiver.start();
  });
  afterAll(async () => {
    await app?.close();
    await receiver?.stop();
  });
  beforeEach(() => {
    address = `erased-${++count}@example.com`;
    receiver.answer = () => 204;
    receiver.received.length = 0;
  });
  afterEach(async () => {
    for (const { id } of (await app.api.get('/v1/endpoints')).data)
      await app.api.delete(`/v1/endpoints/${id}`, 204);
    app.google.faults.clear();
  });

  const view = (id: string) => app.api.get(`/v1/mailboxes/${id}`);
  const erase = ({ id }: Mailbox) => app.api.delete(`/v1/mailboxes/${id}?erase=true`, 202);
  const erased = ({ id }: Mailbox) =>
    eventually(() => view(id), { until: ({ status }) => status === 'erased', timeout: 30_000 });
  const request = async (
    method: string,
    path: string,
    body?: unknown,
    headers: Record<string, string> = {},
  ) => {
    const answer = await fetch(app.service.address + path, {
      method,
      headers: {
        authorization: `Bearer ${app.environment.API_KEY}`,
        ...(body !== undefined && { 'content-type': 'application/json' }),
        ...headers,
      },
      body: body === undefined ? undefined : JSON.stringify(body),
    });
    const text = await answer.text();
    return { status: answer.status, body: (text === '' ? {} : JSON.parse(text)) as Record<string, unknown> };
  };
  const endpoint = (fields: object = {}) =>
    app.api.post('/v1/endpoints', { url: receiver.origin, ...fields }, 201);
  const ofMailbox = ({ id }: Mailbox) => receiver.received.filter(({ event }) => event.mailbox.id === id);

  it('leaves nothing of it in any table: neither address, subject and snippet nor a message, account or external id', async () => {
    receiver.answer = ({ event }) => ({
      status: 200,
      body: `thanks for ${JSON.stringify(event.data)} of ${address}`,
    });
    await endpoint();
    const externalId = `customer ${count} of the grep`;
    const old =
      app.google.addAccount(address) && app.google.deliver(address, { subject: 'long before', text: 'x' });
    const mailbox = await app.connect(address, {
      externalId,
      loginHint: address,
      expectedEmailAddress: address.toUpperCase(),
      redirectUrl: `https://app.example.com/done?owner=${encodeURIComponent(address)}`,
    });
    const unused = { externalId, loginHint: address };
    await app.api.post('/v1/connect-sessions', unused, 201);
    await snapshotIs(app, mailbox.id);
    const subject = `the subject of ${count}`;
    const text = `what the snippet of ${count} says`;
    const { id, threadId } = app.google.deliver(address, { subject, text });
    await quiet(app, mailbox);
    await eventually(() => ofMailbox(mailbox).some(({ event }) => event.type === 'message.added'));
    const kept = { 'idempotency-key': `sync-of-${address}` };
    await request('POST', `/v1/mailboxes/${mailbox.id}/sync`, undefined, kept);
    await request('POST', `/v1/mailboxes/${mailbox.id}/sync`, undefined, { 'idempotency-key': 'opaque' });
    await quiet(app, mailbox);
    await eventually(async () => (await tablesWith(app.database.dataSource, text)).includes('deliveries'));
    const account = (await view(mailbox.id)).googleAccountId!;
    const numbers = [id, old.id].map((message) => String(messageNumber(message)));
    const traces = [address, externalId, account, subject, text, id, threadId, ...numbers];

    // Each of them is found before, so that finding none says something.
    for (const trace of traces)
      expect([trace, await tablesWith(app.database.dataSource, trace)]).not.toEqual([trace, []]);
    expect(await answersNaming(address)).toBeGreaterThan(0);

    expect(await erase(mailbox)).toMatchObject({ id: mailbox.id, status: 'disconnecting' });
    expect(await erased(mailbox)).toMatchObject({
      ...{ id: mailbox.id, emailAddress: null, externalId: null, googleAccountId: null, scopes: [] },
      ...{
        watch: null,
        backfill: null,
        sync: { historyId: null, notifiedHistoryId: null, lastSyncAt: null },
      },
    });
    await eventually(() => ofMailbox(mailbox).some(({ event }) => event.type === 'mailbox.erased'));
    for (const trace of traces)
      expect([trace, await tablesWith(app.database.dataSource, trace)]).toEqual([trace, []]);
    expect(await answersNaming(address)).toBe(0);
    const left = (await dumpOf(app.database.dataSource)).filter((row) => row.includes(mailbox.id));
    const tables = new Set(left.map((row) => row.split(' ')[0]!.replace(/^public\./, '')));
    const expected = ['deliveries', 'delivery_cursors', 'events', 'mailbox_sequences', 'mailboxes'];
    expect([...tables].filter((table) => table !== 'leases')).toEqual(expected);
  });

  it('knows of every table that names mailboxes', async () => {
    const tables = await app.database.dataSource.query<{ table: string }[]>(
      `SELECT table_name AS "table" FROM information_schema.columns WHERE table_schema = 'public' AND column_name = 'mailbox_id'
       ORDER BY 1`,
    );
    // One that is missing here is to be named to KeptData by its module, if it is not left on purpose.
    const left = ['delivery_cursors', 'deliveries', 'events', 'mailbox_sequences'];
    const goneWithTheDisconnect = ['disconnects', 'grants'];
    const byStepsOfTheirOwn = ['connect_sessions', 'erasures', 'idempotency_keys'];
    const byRows = [
      'backfills',
      'mailbox_cursors',
      'mailbox_snapshots',
      'missed_events',
      'own_changes',
      'seen_messages',
      'watches',
    ];
    expect(tables.map(({ table }) => table)).toEqual(
      [...left, ...goneWithTheDisconnect, ...byStepsOfTheirOwn, ...byRows].sort(),
    );
  });

  /** Kept answers are encrypted: those of which the text has it. */
  async function answersNaming(text: string): Promise<number> {
    const keyring = new Keyring(
      app.environment.ENCRYPTION_KEYS!.split(',').map((key) => {
        const [id, base64] = key.split(':');
        return { id: id!, bytes: Buffer.from(base64!, 'base64') };
      }),
    );
    const rows = await app.database.dataSource.query<{ id: string; body: string | null }[]>(
      'SELECT id, body FROM idempotency_keys',
    );
    return rows.filter(({ id, body }) => body !== null && keyring.decrypt(body, id).includes(text)).length;
  }

  it('keeps of its events id, type, sequence and time, delivers a last mailbox.erased, and replays the erased form', async () => {
    const hook = await endpoint();
    const mailbox = await app.connect(address, { externalId: 'mine' });
    for (const subject of ['one', 'two']) app.google.deliver(address, { subject, text: 'x' });
    await quiet(app, mailbox);
    const before = await everyEventOf(app, mailbox.id);
    await erase(mailbox);
    await erased(mailbox);
    const events = await everyEventOf(app, mailbox.id);
    const named = { id: mailbox.id, emailAddress: null, externalId: null };
    const shape = { origin: 'live', mailbox: named, data: { erased: true } };
    for (const event of events) expect(event).toEqual({ ...event, ...shape });
    const kept = ({ id, type, sequence, occurredAt }: (typeof before)[number]) => ({
      id,
      type,
      sequence,
      occurredAt,
    });
    expect(events.slice(0, before.length).map(kept)).toEqual(before.map(kept));
    expect(events.slice(before.length).map(({ type }) => type)).toEqual([
      'mailbox.disconnected',
      'mailbox.erased',
    ]);
    expect(await app.api.get(`/v1/events/${before[1]!.id}`)).toMatchObject(shape);
    const newest = await app.api.get(`/v1/events?order=desc&mailboxId=${mailbox.id}`);
    expect(newest.data.map(({ sequence }) => sequence)).toEqual(
      events.map(({ sequence }) => sequence).reverse(),
    );

    await eventually(() => ofMailbox(mailbox).length === events.length);
    expect(ofMailbox(mailbox).map(({ event }) => event.type)).toEqual(events.map(({ type }) => type));
    expect(ofMailbox(mailbox).at(-1)!.event).toEqual(events.at(-1));
    // What was going on at the time still arrived as it was.
    expect(ofMailbox(mailbox).at(-2)!.event.data).toEqual({ reason: 'requested' });

    receiver.received.length = 0;
    await app.api.post(`/v1/endpoints/${hook.id}/replay`, { since: '2020-01-01T00:00:00Z' }, 202);
    await eventually(() => ofMailbox(mailbox).length === events.length);
    expect(ofMailbox(mailbox).map(({ event }) => event)).toEqual(events);
    const { data } = await app.api.get(`/v1/deliveries?mailboxId=${mailbox.id}`);
    expect(data.every(({ status }) => status === 'delivered')).toBe(true);
  });

  it('makes what waits dead: at a receiver that is away, parked, or at an endpoint that is disabled', async () => {
    receiver.answer = ({ path, event }) => (path !== '/' && event.type !== 'mailbox.erased' ? 500 : 204);
    const ordered = await endpoint({ url: `${receiver.origin}/ordered` });
    const parked = await endpoint({ url: `${receiver.origin}/parked`, ordering: 'none' });
    const disabled = await endpoint({ url: `${receiver.origin}/disabled` });
    await app.api.patch(`/v1/endpoints/${disabled.id}`, { status: 'disabled' });
    const filtered = await endpoint({
      url: `${receiver.origin}/filtered`,
      filter: { data: { message: { subject: 'two' } } },
    });
    const mailbox = await app.connect(address);
    for (const subject of ['one', 'two', 'three']) app.google.deliver(address, { subject, text: 'x' });
    await quiet(app, mailbox);
    await eventually(() => ofMailbox(mailbox).filter(({ path }) => path === '/parked').length >= 4);
    await erase(mailbox);
    await erased(mailbox);
    const events = await everyEventOf(app, mailbox.id);
    const last = events.at(-1)!;
    const statuses = async (endpointId: string) => {
      const { data } = await app.api.get(`/v1/deliveries?endpointId=${endpointId}&mailboxId=${mailbox.id}`);
      return Object.fromEntries(data.map(({ eventId, status }) => [eventId, status]));
    };
    const dead = Object.fromEntries(events.slice(0, -1).map(({ id }) => [id, 'dead']));
    for (const { id } of [ordered, parked])
      await eventually(async () => (await statuses(id))[last.id] === 'delivered');
    for (const { id } of [ordered, parked])
      expect(await statuses(id)).toEqual({ ...dead, [last.id]: 'delivered' });
    expect(await statuses(disabled.id)).toEqual({ ...dead, [last.id]: 'pending' });
    const two = ofType(events, 'message.added')[1]!;
    expect(await statuses(filtered.id)).toEqual({ [two.id]: 'dead' });

    // It is the first thing that reaches them again.
    await app.api.patch(`/v1/endpoints/${disabled.id}`, { status: 'enabled' });
    await eventually(() => ofMailbox(mailbox).some(({ path }) => path === '/disabled'));
    expect(
      ofMailbox(mailbox)
        .filter(({ path }) => path === '/disabled')
        .map(({ event }) => event),
    ).toEqual([last]);
    // Who tries a dead one again gets the erased form.
    receiver.answer = () => 204;
    const { data } = await app.api.get(`/v1/deliveries?endpointId=${ordered.id}&eventId=${two.id}`);
    await app.api.post(`/v1/deliveries/${data[0]!.id}/retry`, undefined, 202);
    await eventually(() =>
      ofMailbox(mailbox).some(
        ({ event, path }) => path === '/ordered' && event.id === two.id && event.data.erased,
      ),
    );
  });

  it('connects the same account anew, as a new mailbox that knows nothing of what the erased one reported', async () => {
    const first = await app.connect(address, { externalId: 'old' });
    const mail = app.google.deliver(address, { subject: 'again', text: 'x' }).id;
    await quiet(app, first);
    const account = first.googleAccountId;
    await erase(first);
    await erased(first);
    const second = await app.connect(address);
    expect(second).toMatchObject({
      status: 'active',
      emailAddress: address,
      googleAccountId: account,
      externalId: null,
    });
    expect(second.id).not.toBe(first.id);
    await app.api.post(
      `/v1/mailboxes/${second.id}/backfill`,
      { since: new Date(Date.now() - 3_600_000).toISOString() },
      202,
    );
    const events = await eventually(() => everyEventOf(app, second.id), {
      until: (all) => ofType(all, 'mailbox.backfilled').length === 1,
    });
    expect(events[0]).toMatchObject({
      sequence: 1,
      type: 'mailbox.connected',
      data: { reason: 'connected' },
    });
    expect(ofType(events, 'message.added').map(({ data }) => data.messageId)).toEqual([mail]);
    const { data } = await app.api.get(`/v1/mailboxes?emailAddress=${address}`);
    expect(data.map(({ id }) => id)).toEqual([second.id]);
    const both = await app.api.get('/v1/mailboxes?status=erased&limit=500');
    expect(both.data.map(({ id }) => id)).toContain(first.id);
  });

  it('takes true or false, answers a repetition with 202, and works on a mailbox that is disconnected already', async () => {
    const mailbox = await app.connect(address);
    for (const wrong of ['yes', '1', '', 'TRUE'])
      expect(await request('DELETE', `/v1/mailboxes/${mailbox.id}?erase=${wrong}`)).toMatchObject({
        status: 400,
        body: { code: 'validation_failed', errors: [expect.objectContaining({ path: 'erase' })] },
      });
    expect((await view(mailbox.id)).status).toBe('active');
    await app.api.delete(`/v1/mailboxes/${mailbox.id}?erase=false`, 202);
    await eventually(async () => (await view(mailbox.id)).status === 'disconnected');
    expect(await view(mailbox.id)).toMatchObject({ emailAddress: address });
    await Promise.all([erase(mailbox), erase(mailbox)]);
    await erased(mailbox);
    const again = await erase(mailbox);
    expect(again).toMatchObject({ id: mailbox.id, status: 'erased' });
    expect(await app.api.delete(`/v1/mailboxes/${mailbox.id}`, 202)).toEqual(again);
    const events = await everyEventOf(app, mailbox.id);
    expect(ofType(events, 'mailbox.erased')).toHaveLength(1);
    expect(await request('DELETE', '/v1/mailboxes/mbx_01h455vb4pex5vsknk084sn02q?erase=true')).toMatchObject({
      status: 404,
    });
  });

  it('refuses whatever would make it known again, and says why', async () => {
    const mailbox = await app.connect(address);
    await erase(mailbox);
    await erased(mailbox);
    const url = `/v1/mailboxes/${mailbox.id}`;
    const refusal = { status: 409, body: { code: 'mailbox_erased' } };
    expect(await request('PATCH', url, { externalId: 'back' })).toMatchObject(refusal);
    const inactive = { status: 409, body: { code: 'mailbox_not_active' } };
    for (const [method, path, body] of [
      ['POST', '/sync', undefined],
      ['PUT', '/watch', {}],
      ['DELETE', '/watch', undefined],
      ['GET', '/labels', undefined],
      ['POST', '/backfill', { since: new Date().toISOString() }],
    ] as const)
      expect([path, await request(method, url + path, body)]).toMatchObject([path, inactive]);
    expect(await view(mailbox.id)).toMatchObject({ externalId: null });
    // A session for it leads nowhere: it stands for no account.
    const { url: link } = await app.api.post('/v1/connect-sessions', { mailboxId: mailbox.id }, 201);
    const answer = await app.google.consent(link, { account: address });
    expect(answer).toBeDefined();
    expect(await view(mailbox.id)).toMatchObject({ status: 'erased', emailAddress: null });
  });

  it('keeps nothing of the answer to an attempt that was under way', async () => {
    await endpoint();
    const mailbox = await app.connect(address);
    const held = Promise.withResolvers<void>();
    receiver.answer = async ({ event }) => {
      if (event.type === 'message.added') await held.promise;
      return { status: 200, body: `dear ${address}` };
    };
    app.google.deliver(address, { subject: 'held', text: 'x' });
    await eventually(() => ofMailbox(mailbox).some(({ event }) => event.type === 'message.added'));
    await erase(mailbox);
    await eventually(async () => (await view(mailbox.id)).emailAddress === null);
    // It is waited for, since it is under way; what waits behind it is dead before that.
    await eventually(async () => {
      const { data } = await app.api.get(`/v1/deliveries?mailboxId=${mailbox.id}&status=dead`);
      return data.some(({ eventType }) => eventType === 'mailbox.disconnected');
    });
    expect((await view(mailbox.id)).status).toBe('disconnected');
    held.resolve();
    await erased(mailbox);
    await eventually(() => ofMailbox(mailbox).at(-1)!.event.type === 'mailbox.erased');
    await eventually(async () => {
      const { data } = await app.api.get(`/v1/deliveries?mailboxId=${mailbox.id}`);
      return data.every(({ status }) => status !== 'pending');
    });
    const { data } = await app.api.get(`/v1/deliveries?mailboxId=${mailbox.id}`);
    const [, disconnected, added] = data;
    expect([added!.status, added!.attempts]).toEqual([
      'delivered',
      [{ ...added!.attempts[0]!, status: 200, error: null, response: null }],
    ]);
    expect(disconnected).toMatchObject({ eventType: 'mailbox.disconnected', status: 'dead', attempts: [] });
  });

  it('sends the erased form to a stream that goes on from before it', async () => {
    const key = API_KEY;
    // One that stays connected, so that the events are in the memory of the service.
    const follower = await StreamClient.open(app.service.address, { key });
    const mailbox = await app.connect(address);
    app.google.deliver(address, { subject: 'streamed', text: 'x' });
    await quiet(app, mailbox);
    await eventually(() => follower.events.some(({ type }) => type === 'message.added'));
    const [connected] = await everyEventOf(app, mailbox.id);
    await erase(mailbox);
    await erased(mailbox);
    await eventually(() => follower.events.at(-1)!.type === 'mailbox.erased');
    const late = await StreamClient.open(app.service.address, { key, lastEventId: connected!.id });
    await eventually(() => late.events.length >= 3);
    expect(late.raw).not.toContain(address);
    expect(late.events.map(({ type, data }) => [type, data])).toEqual(
      ['message.added', 'mailbox.disconnected', 'mailbox.erased'].map((type) => [type, { erased: true }]),
    );
    for (const stream of [follower, late]) stream.close();
  });

  it('leaves what other mailboxes have: those that share its external id, and whose address only ends like it', async () => {
    const other = await app.connect(`x${address}`, { externalId: 'shared' });
    await request('POST', `/v1/mailboxes/${other.id}/sync`, undefined, { 'idempotency-key': 'of-the-other' });
    const mailbox = await app.connect(address, { externalId: 'shared' });
    app.google.deliver(other.emailAddress, { subject: 'stays', text: 'x' });
    await quiet(app, other);
    const events = await everyEventOf(app, other.id);
    const sessions = () => tablesWith(app.database.dataSource, 'shared');
    expect(await sessions()).toContain('connect_sessions');
    expect(await answersNaming(other.id)).toBe(1);
    await erase(mailbox);
    await erased(mailbox);
    expect(await sessions()).toEqual(expect.arrayContaining(['connect_sessions', 'mailboxes']));
    expect(await answersNaming(other.id)).toBe(1);
    expect(await everyEventOf(app, other.id)).toEqual(events);
    expect(await view(other.id)).toMatchObject({ emailAddress: other.emailAddress, externalId: 'shared' });
  });

  it('lets no consent in while it is being disconnected: the revocation would end the new grant', async () => {
    const mailbox = await app.connect(address);
    app.google.failNext({ method: 'oauth2.revoke', account: address, status: 503, times: 1_000 });
    await erase(mailbox);
    const connecting = connectMailbox(app.google, app.api, address);
    await expect(connecting).rejects.toThrow('temporarily_unavailable');
    app.google.faults.clear();
    await erased(mailbox);
    expect(await app.connect(address)).toMatchObject({ status: 'active' });
  });

  it('ends a backfill that runs first', async () => {
    app.google.addAccount(address);
    app.google.quota.enforced = false;
    app.google.fill(address, 2_000, () => ['INBOX']);
    const mailbox = await app.connect(address);
    await app.api.post(
      `/v1/mailboxes/${mailbox.id}/backfill`,
      { since: '2026-01-01T00:00:00Z', force: true },
      202,
    );
    await eventually(async () => ((await view(mailbox.id)).backfill?.recovered ?? 0) > 0, {
      timeout: 30_000,
    });
    await erase(mailbox);
    expect(await erased(mailbox)).toMatchObject({ backfill: null });
    const events = await everyEventOf(app, mailbox.id);
    expect(events.at(-1)!.type).toBe('mailbox.erased');
    expect(events.every(({ data }) => 'erased' in data)).toBe(true);
    expect(await tablesWith(app.database.dataSource, address)).toEqual([]);
  });
});
