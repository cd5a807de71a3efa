import { DELIVERED_ONLY_TYPES, EVENT_TYPES } from '../../../src/event/event.types';
import { Receiver } from '../../fakes/receiver/receiver';
import { expectDescribed } from '../../support/openapi/described-responses';
import { expectDescribedDelivery, expectDescribedEvent } from '../../support/openapi/described-events';
import { eventually } from '../../support/eventually';
import { snapshotIs } from '../../support/sync/snapshot';
import { StreamClient } from '../../support/event/stream-client';
import { API_KEY, createTestApp, type TestApp } from '../../support/test-app';

const WATCH = 'gmail.users.watch';
const ADDRESS = 'ada@example.com';

describe('every event', () => {
  let app: TestApp;
  let receiver: Receiver;
  let stream: StreamClient;
  beforeAll(async () => {
    app = await createTestApp({ WATCH_RENEWAL_INTERVAL: '100ms' });
    receiver = await Receiver.start();
    stream = await StreamClient.open(app.service.address, { key: API_KEY });
  });
  afterAll(async () => {
    stream?.close();
    await app?.close();
    await receiver?.stop();
  });

  const received = (type: string) =>
    eventually(() => receiver.received.find(({ event }) => event.type === type));
  const endpoint = (path: string, more: object = {}) =>
    app.api.post('/v1/endpoints', { url: receiver.origin + path, ...more }, 201);

  it('is delivered, listed and streamed as it is described', async () => {
    const { id } = await endpoint('/');
    await app.api.post(`/v1/endpoints/${id}/test`);
    const mailbox = await app.connect(ADDRESS, { externalId: 'customer-4711' });
    const path = `/v1/mailboxes/${mailbox.id}` as const;
    await snapshotIs(app, mailbox.id);
    await changeMail();
    await received('message.deleted');

    const other = 'ada.byron@example.com';
    app.google.renameAccount(ADDRESS, other);
    await app.api.post(`${path}/sync`, undefined, 202);
    await received('mailbox.address_changed');
    app.google.renameAccount(other, ADDRESS);
    await app.api.post(`${path}/sync`, undefined, 202);
    await eventually(async () => (await app.api.get(path)).emailAddress === ADDRESS);

    app.google.expireHistory(ADDRESS);
    await app.api.post(`${path}/sync`, undefined, 202);
    await received('mailbox.gap');

    await app.api.post(`${path}/backfill`, { since: new Date(Date.now() - 60_000).toISOString() }, 202);
    await received('mailbox.backfilled');

    app.google.failNext({
      ...{ method: WATCH, account: ADDRESS, times: 1_000 },
      status: 403,
      reason: 'forbidden',
    });
    await app.api.put(`${path}/watch`, {}, 502);
    await received('watch.failed');
    await app.database.dataSource.query(`UPDATE watches SET expires_at = now() - interval '1 minute'`);
    await received('watch.expired');
    app.google.faults.clear();

    receiver.answer = (request) => (request.path === '/gone' ? 410 : 204);
    const gone = await endpoint('/gone', { eventTypes: ['mailbox.reauthorization_required'] });
    app.google.revokeByUser(ADDRESS);
    await app.api.post(`${path}/sync`, undefined, 202);
    await received('mailbox.reauthorization_required');
    await received('endpoint.disabled');
    expect((await app.api.get(`/v1/endpoints/${gone.id}`)).status).toBe('disabled');
    await app.api.delete(path, 202);
    await received('mailbox.disconnected');

    for (const delivery of receiver.received) expectDescribedDelivery(delivery);
    const delivered = new Set(receiver.received.map(({ event }) => event.type));
    // retention-missed.spec.ts has the one that is left.
    const all = [...EVENT_TYPES, ...DELIVERED_ONLY_TYPES].filter(
      (type) => !['endpoint.events_missed', 'mailbox.erased'].includes(type),
    );
    expect([...delivered].sort()).toEqual(all.sort());
    const listed = await app.api.events();
    expect(new Set(listed.map(({ type }) => type))).toEqual(
      new Set(EVENT_TYPES.filter((type) => type !== 'mailbox.erased')),
    );
    await eventually(() => stream.events.length === listed.length);
    expect(stream.events).toEqual(listed);
    const { statusCode, headers } = stream.response;
    expectDescribed('streamEvents', {
      ...{ status: statusCode!, contentType: headers['content-type']! },
      body: stream.events,
    });
    for (const event of listed) {
      expectDescribedEvent(event);
      expect(await app.api.get(`/v1/events/${event.id}`)).toEqual(event);
    }

    // What is left of each of them, once its mailbox is erased.
    const before = receiver.received.length;
    await app.api.delete(`${path}?erase=true`, 202);
    await received('mailbox.erased');
    const left = await app.api.events();
    expect(new Set(left.map(({ type }) => type))).toEqual(new Set(EVENT_TYPES));
    for (const event of left) expectDescribedEvent(event);
    const { data: hooks } = await app.api.get('/v1/endpoints');
    const hook = hooks.find(({ status }) => status === 'enabled')!;
    await app.api.post(`/v1/endpoints/${hook.id}/replay`, { since: '2020-01-01T00:00:00Z' }, 202);
    await eventually(() => receiver.received.length >= before + left.length);
    for (const delivery of receiver.received.slice(before)) expectDescribedDelivery(delivery);
  });

  /** A message arrives, is read and starred, and is deleted for good. */
  async function changeMail(): Promise<void> {
    const { id } = app.google.deliver(ADDRESS, { from: 'Bob <bob@example.net>', text: 'Hello Ada' });
    await received('message.added');
    app.google.modify(ADDRESS, id, { addLabelIds: ['STARRED'] });
    app.google.modify(ADDRESS, id, { removeLabelIds: ['UNREAD'] });
    app.google.delete(ADDRESS, id);
  }
});
