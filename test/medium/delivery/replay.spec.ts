import { setTimeout as delay } from 'node:timers/promises';
import { newId } from '../../../src/common/id';
import { eventually } from '../../support/eventually';
import { insertMailbox } from '../../support/test-replica';
import { startDeliveryTest } from '../../support/delivery/delivery-test';
import { tasksDone } from '../../support/delivery/tasks-done';

const upTo = (count: number, from = 1) => Array.from({ length: count - from + 1 }, (_, n) => n + from);

describe('replay', () => {
  const test = startDeliveryTest({ DELIVERY_RETRY_DELAYS: '50ms,1h' });
  let { database, replica, receiver, mailbox } = test;
  beforeEach(() => void ({ database, replica, receiver, mailbox } = test));

  /** An endpoint for this test's mailbox alone: the log holds those of other tests too. */
  const register = (fields: object = {}) =>
    replica.endpoint(receiver.origin, { mailboxIds: [mailbox.id], ...fields });
  const received = (count: number, mailboxId = mailbox.id) =>
    eventually(() => receiver.sequences(mailboxId), { until: (seen) => seen.length >= count });
  const settled = () =>
    eventually(
      () => database.dataSource.query('SELECT 1 FROM delivery_cursors WHERE high_watermark > sequence'),
      { until: (due: unknown[]) => due.length === 0 },
    );
  const events = async (of = mailbox) =>
    (await replica.api('GET', `/v1/events?mailboxId=${of.id}`)).body.data;
  const replay = (id: string, from: object) => replica.api('POST', `/v1/endpoints/${id}/replay`, from);
  const deliveries = async (query: string) => (await replica.api('GET', `/v1/deliveries?${query}`)).body.data;

  it('delivers again what came after an event, in the order of each mailbox, with the same ids and bytes', async () => {
    const other = await insertMailbox(database.dataSource);
    const { id } = await register({ mailboxIds: [] });
    await replica.append(other);
    await replica.append(mailbox, 3);
    await replica.append(other, 2);
    await received(3);
    await received(3, other.id);
    await settled();
    const first = [...receiver.received];
    receiver.received.length = 0;

    const { status, body } = await replay(id, { after: (await events())[0]!.id });
    expect([status, body.id]).toEqual([202, id]);
    expect(await received(2)).toEqual([2, 3]);
    expect(await received(2, other.id)).toEqual([2, 3]);
    await settled();
    expect(receiver.received).toHaveLength(4);
    for (const again of receiver.received)
      expect(first.find(({ event }) => event.id === again.event.id)).toMatchObject({
        body: again.body,
        headers: { 'webhook-id': again.headers['webhook-id'] },
      });
    const [delivery] = await deliveries(`eventId=${(await events())[2]!.id}`);
    expect(delivery!.attempts).toHaveLength(2);
  });

  it('reaches back before the endpoint was there, since a time', async () => {
    await replica.append(mailbox, 59);
    // So that the last one is later by the clock, too.
    await delay(2);
    await replica.append(mailbox);
    const { id } = await register({ eventTypes: ['message.deleted'] });
    await replica.append(mailbox, 1, 'watch.failed');
    const { status } = await replay(id, { since: '2000-01-01T00:00:00Z' });
    expect(status).toBe(202);
    expect(await received(60)).toEqual(upTo(60));
    await settled();
    const last = (await replica.api('GET', `/v1/events/${receiver.received[59]!.event.id}`)).body;
    await replay(id, { since: last.occurredAt });
    await eventually(() => receiver.sequences().at(-1) === 60 && receiver.received.length > 60);
    await replay(id, { since: new Date(Date.now() + 60_000).toISOString() });
    await settled();
    expect(receiver.received.length).toBeLessThan(120);
  });

  it('shows what it brings again as pending, with the attempts of before', async () => {
    const { id } = await register();
    await replica.append(mailbox, 2);
    await received(2);
    await settled();
    await replica.api('PATCH', `/v1/endpoints/${id}`, { status: 'disabled' });
    await replay(id, { since: '2000-01-01T00:00:00Z' });
    await tasksDone(database.dataSource);
    expect(await deliveries(`endpointId=${id}&status=pending`)).toMatchObject([
      { attempts: [{ status: 204 }], nextAttemptAt: null },
      { attempts: [{ status: 204 }] },
    ]);
    expect(await deliveries(`endpointId=${id}&status=delivered`)).toEqual([]);
    expect(receiver.received).toHaveLength(2);
    await replica.api('PATCH', `/v1/endpoints/${id}`, { status: 'enabled' });
    expect(await received(4)).toEqual([1, 2, 1, 2]);
  });

  it('does not skip or lose anything when it comes in the middle of an attempt', async () => {
    const { id } = await register();
    let finish = (_status: number) => {};
    receiver.answer = ({ event }) =>
      event.sequence === 4 ? new Promise<number>((resolve) => (finish = resolve)) : 200;
    await replica.append(mailbox, 6);
    await received(4);
    await replay(id, { after: (await events())[1]!.id });
    await tasksDone(database.dataSource);
    receiver.answer = () => 200;
    finish(200);
    expect(await received(8)).toEqual([1, 2, 3, 4, 3, 4, 5, 6]);
    await settled();
    expect(receiver.received).toHaveLength(8);
  });

  it('is refused for a time in the future, and not for a clock that is a little ahead', async () => {
    const { id } = await replica.endpoint(receiver.origin);
    const replay = (aheadMs: number) =>
      replica.api('POST', `/v1/endpoints/${id}/replay`, {
        since: new Date(Date.now() + aheadMs).toISOString(),
      });
    const { status, body } = await replay(3_600_000);
    expect([status, body.errors![0]!.path]).toEqual([400, 'since']);
    expect((await replay(10_000)).status).toBe(202);
  });

  it('begins failing events anew, and returns parked ones to their order', async () => {
    const { id } = await register({ ordering: 'none' });
    receiver.answer = ({ event }) => (event.sequence === 1 ? 500 : 200);
    await replica.append(mailbox, 2);
    await eventually(() => deliveries(`endpointId=${id}&status=pending`), {
      until: ([first]) => first?.attempts.length === 2,
    });
    receiver.received.length = 0;
    receiver.answer = () => 200;
    await replica.api('PATCH', `/v1/endpoints/${id}`, { ordering: 'mailbox', status: 'disabled' });
    await replay(id, { since: '2000-01-01T00:00:00Z' });
    const parked = 'SELECT 1 FROM deliveries WHERE endpoint_id = $1 AND parked';
    await eventually(async () => (await database.dataSource.query<unknown[]>(parked, [id])).length === 0);
    await replica.api('PATCH', `/v1/endpoints/${id}`, { status: 'enabled' });
    expect(await received(2)).toEqual([1, 2]);
    await settled();
    expect(await deliveries(`endpointId=${id}`)).toMatchObject([
      { status: 'delivered' },
      { status: 'delivered', attempts: [{ status: 500 }, { status: 500 }, { status: 200 }] },
    ]);
    expect(receiver.received).toHaveLength(2);
  });

  it('goes back and never forward', async () => {
    const { id } = await register();
    await replica.api('PATCH', `/v1/endpoints/${id}`, { status: 'disabled' });
    await replica.append(mailbox, 3);
    await replay(id, { after: (await events())[1]!.id });
    await tasksDone(database.dataSource);
    await replica.api('PATCH', `/v1/endpoints/${id}`, { status: 'enabled' });
    expect(await received(3)).toEqual([1, 2, 3]);
  });

  it.each([
    [{}, 400, 'validation_failed'],
    [undefined, 400, 'validation_failed'],
    [{ after: 'evt_01h455vb4pex5vsknk084sn02q', since: '2026-01-01T00:00:00Z' }, 400, 'validation_failed'],
    [{ after: null, since: '2026-01-01T00:00:00Z' }, 400, 'validation_failed'],
    [{ since: 'yesterday' }, 400, 'validation_failed'],
    [{ since: '2026-02-30T25:00:00Z' }, 400, 'validation_failed'],
    [{ since: '2026-02-30T00:00:00Z' }, 400, 'validation_failed'],
    [{ since: '2025-02-29T12:00:00+02:00' }, 400, 'validation_failed'],
    [{ since: '2024-02-29T23:30:00-05:00' }, 202, undefined],
    [{ since: '0000-01-01T00:00:00Z' }, 202, undefined],
    [{ after: 'mbx_1' }, 400, 'validation_failed'],
    [{ after: 'evt_01h455vb4pex5vsknk084sn02q' }, 410, 'cursor_expired'],
  ])('of %j answers %i', async (from, status, code) => {
    const { id } = await register();
    const answer = await replica.api('POST', `/v1/endpoints/${id}/replay`, from);
    expect([answer.status, answer.body.code]).toEqual([status, code]);
  });

  it('needs an endpoint', async () => {
    expect((await replay(newId('end'), { since: '2026-01-01T00:00:00Z' })).status).toBe(404);
  });
});
