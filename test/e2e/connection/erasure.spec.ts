import { messageNumber } from '../../../src/sync/snapshot/message-number';
import { ErasureTest } from '../../support/connection/erasure-test';
import { dumpOf, tablesWith } from '../../support/database/dump';
import { everyEventOf, quiet } from '../../support/event/mailbox-log';
import { ofType } from '../../support/event/of-type';
import { StreamClient } from '../../support/event/stream-client';
import { eventually } from '../../support/eventually';
import { snapshotIs } from '../../support/sync/snapshot';
import { API_KEY, type TestApp } from '../../support/test-app';

describe('the erasure of a mailbox', () => {
  let test: ErasureTest;
  let app: TestApp;
  let address: string;
  beforeAll(async () => {
    test = await ErasureTest.create();
    app = test.app;
  });
  afterAll(() => test?.close());
  beforeEach(async () => void (address = await test.begin()));

  it('leaves nothing of it in any table: neither address, subject and snippet nor a message, account or external id', async () => {
    test.receiver.answer = ({ event }) => ({
      status: 200,
      body: `thanks for ${JSON.stringify(event.data)} of ${address}`,
    });
    await test.endpoint();
    const externalId = `customer ${address} of the grep`;
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
    const subject = `the subject of ${address}`;
    const text = `what the snippet of ${address} says`;
    const { id, threadId } = app.google.deliver(address, { subject, text });
    await quiet(app, mailbox);
    await eventually(() => test.received(mailbox).some(({ event }) => event.type === 'message.added'));
    const kept = { 'idempotency-key': `sync-of-${address}` };
    await test.request('POST', `/v1/mailboxes/${mailbox.id}/sync`, undefined, kept);
    await test.request('POST', `/v1/mailboxes/${mailbox.id}/sync`, undefined, {
      'idempotency-key': 'opaque',
    });
    await quiet(app, mailbox);
    await eventually(async () => (await tablesWith(app.database.dataSource, text)).includes('deliveries'));
    const account = (await test.view(mailbox.id)).googleAccountId!;
    const numbers = [id, old.id].map((message) => String(messageNumber(message)));
    const traces = [address, externalId, account, subject, text, id, threadId, ...numbers];

    // Each of them is found before, so that finding none says something.
    for (const trace of traces)
      expect([trace, await tablesWith(app.database.dataSource, trace)]).not.toEqual([trace, []]);
    expect(await test.answersWith(address)).toBeGreaterThan(0);

    expect(await test.erase(mailbox)).toMatchObject({ id: mailbox.id, status: 'disconnecting' });
    expect(await test.erased(mailbox)).toMatchObject({
      ...{ id: mailbox.id, emailAddress: null, externalId: null, googleAccountId: null, scopes: [] },
      ...{
        watch: null,
        backfill: null,
        sync: { historyId: null, notifiedHistoryId: null, lastSyncAt: null },
      },
    });
    await eventually(() => test.received(mailbox).some(({ event }) => event.type === 'mailbox.erased'));
    for (const trace of traces)
      expect([trace, await tablesWith(app.database.dataSource, trace)]).toEqual([trace, []]);
    expect(await test.answersWith(address)).toBe(0);
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

  it('keeps of its events id, type, sequence and time, delivers a last mailbox.erased, and replays the erased form', async () => {
    const hook = await test.endpoint();
    const mailbox = await app.connect(address, { externalId: 'mine' });
    for (const subject of ['one', 'two']) app.google.deliver(address, { subject, text: 'x' });
    await quiet(app, mailbox);
    const before = await everyEventOf(app, mailbox.id);
    await test.erase(mailbox);
    await test.erased(mailbox);
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

    await eventually(() => test.received(mailbox).length === events.length);
    expect(test.received(mailbox).map(({ event }) => event.type)).toEqual(events.map(({ type }) => type));
    expect(test.received(mailbox).at(-1)!.event).toEqual(events.at(-1));
    // What was going on at the time still arrived as it was.
    expect(test.received(mailbox).at(-2)!.event.data).toEqual({ reason: 'requested' });

    test.receiver.received.length = 0;
    await app.api.post(`/v1/endpoints/${hook.id}/replay`, { since: '2020-01-01T00:00:00Z' }, 202);
    await eventually(() => test.received(mailbox).length === events.length);
    expect(test.received(mailbox).map(({ event }) => event)).toEqual(events);
    const { data } = await app.api.get(`/v1/deliveries?mailboxId=${mailbox.id}`);
    expect(data.every(({ status }) => status === 'delivered')).toBe(true);
  });

  it('makes what waits dead: at a receiver that is away, parked, or at an endpoint that is disabled', async () => {
    test.receiver.answer = ({ path, event }) => (path !== '/' && event.type !== 'mailbox.erased' ? 500 : 204);
    const ordered = await test.endpoint({ url: `${test.receiver.origin}/ordered` });
    const parked = await test.endpoint({ url: `${test.receiver.origin}/parked`, ordering: 'none' });
    const disabled = await test.endpoint({ url: `${test.receiver.origin}/disabled` });
    await app.api.patch(`/v1/endpoints/${disabled.id}`, { status: 'disabled' });
    const filtered = await test.endpoint({
      url: `${test.receiver.origin}/filtered`,
      filter: { data: { message: { subject: 'two' } } },
    });
    const mailbox = await app.connect(address);
    for (const subject of ['one', 'two', 'three']) app.google.deliver(address, { subject, text: 'x' });
    await quiet(app, mailbox);
    await eventually(() => test.received(mailbox).filter(({ path }) => path === '/parked').length >= 4);
    await test.erase(mailbox);
    await test.erased(mailbox);
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
    await eventually(() => test.received(mailbox).some(({ path }) => path === '/disabled'));
    expect(
      test
        .received(mailbox)
        .filter(({ path }) => path === '/disabled')
        .map(({ event }) => event),
    ).toEqual([last]);
    // Who tries a dead one again gets the erased form.
    test.receiver.answer = () => 204;
    const { data } = await app.api.get(`/v1/deliveries?endpointId=${ordered.id}&eventId=${two.id}`);
    await app.api.post(`/v1/deliveries/${data[0]!.id}/retry`, undefined, 202);
    await eventually(() =>
      test
        .received(mailbox)
        .some(({ event, path }) => path === '/ordered' && event.id === two.id && event.data.erased),
    );
  });

  it('keeps nothing of the answer to an attempt that was under way', async () => {
    await test.endpoint();
    const mailbox = await app.connect(address);
    const held = Promise.withResolvers<void>();
    test.receiver.answer = async ({ event }) => {
      if (event.type === 'message.added') await held.promise;
      return { status: 200, body: `dear ${address}` };
    };
    app.google.deliver(address, { subject: 'held', text: 'x' });
    await eventually(() => test.received(mailbox).some(({ event }) => event.type === 'message.added'));
    await test.erase(mailbox);
    await eventually(async () => (await test.view(mailbox.id)).emailAddress === null);
    // It is waited for, since it is under way; what waits behind it is dead before that.
    await eventually(async () => {
      const { data } = await app.api.get(`/v1/deliveries?mailboxId=${mailbox.id}&status=dead`);
      return data.some(({ eventType }) => eventType === 'mailbox.disconnected');
    });
    expect((await test.view(mailbox.id)).status).toBe('disconnected');
    held.resolve();
    await test.erased(mailbox);
    await eventually(() => test.received(mailbox).at(-1)!.event.type === 'mailbox.erased');
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
    await test.erase(mailbox);
    await test.erased(mailbox);
    await eventually(() => follower.events.at(-1)!.type === 'mailbox.erased');
    const late = await StreamClient.open(app.service.address, { key, lastEventId: connected!.id });
    await eventually(() => late.events.length >= 3);
    expect(late.raw).not.toContain(address);
    expect(late.events.map(({ type, data }) => [type, data])).toEqual(
      ['message.added', 'mailbox.disconnected', 'mailbox.erased'].map((type) => [type, { erased: true }]),
    );
    for (const stream of [follower, late]) stream.close();
  });
});
