import fc from 'fast-check';
import type { DataSource } from 'typeorm';
import { compileFilter } from '../../../src/delivery/filter/compile-filter';
import { FilterCache } from '../../../src/delivery/filter/filter-cache';
import type { EventFilter } from '../../../src/delivery/filter/event-filter';
import { EventLogService } from '../../../src/event/log/event-log.service';
import type { NewEvent } from '../../../src/event/event.types';
import type { Receiver } from '../../fakes/receiver/receiver';
import { arbitraryFilter, arbitraryValue } from '../../support/delivery/arbitrary-filter';
import { startDeliveryTest } from '../../support/delivery/delivery-test';
import { naiveMatch } from '../../support/delivery/naive-filter';
import { eventually } from '../../support/eventually';
import type { TestMailbox, TestReplica } from '../../support/test-replica';

const IMPORTANT = { data: { labelIds: 'IMPORTANT' } };

describe('the filter of an endpoint', () => {
  const test = startDeliveryTest({ DELIVERY_RETRY_DELAYS: '1h' });
  let dataSource: DataSource;
  let replica: TestReplica;
  let receiver: Receiver;
  let mailbox: TestMailbox;
  beforeEach(() => {
    ({ replica, receiver, mailbox } = test);
    dataSource = test.database.dataSource;
  });

  const append = (...labelIds: string[]) => {
    const event: NewEvent = { type: 'message.deleted', data: { labelIds } };
    return replica.application
      .get(EventLogService, { strict: false })
      .transaction(mailbox.id, (transaction) => transaction.append([event]));
  };
  const received = (count: number) =>
    eventually(() => receiver.sequences(), { until: (seen) => seen.length >= count });
  const settled = () =>
    eventually(() => dataSource.query('SELECT 1 FROM delivery_cursors WHERE high_watermark > sequence'), {
      until: (due: unknown[]) => due.length === 0,
    });
  const deliveries = async (query = '') =>
    (await replica.api('GET', `/v1/deliveries?${query}`)).body.data.map(({ eventId, status }) => [
      eventId,
      status,
    ]);
  const patch = (id: string, fields: object) => replica.api('PATCH', `/v1/endpoints/${id}`, fields);
  const disable = (id: string) => patch(id, { status: 'disabled' });

  it('does what a reading of the description does, whatever the filter and the event', () => {
    fc.assert(
      fc.property(arbitraryFilter, arbitraryValue, (filter, value) => {
        expect(compileFilter(filter as EventFilter)(value)).toBe(naiveMatch(value, filter));
      }),
      { numRuns: 2_000 },
    );
  });

  it('says what the function of deliveries says, in SQL', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(arbitraryFilter, arbitraryValue), { minLength: 500, maxLength: 500 }),
        async (pairs) => {
          const [row] = await dataSource.query<[{ answers: boolean[] }]>(
            `SELECT array_agg(event_matches(pair -> 1, pair -> 0) ORDER BY n) AS answers
           FROM jsonb_array_elements($1::jsonb) WITH ORDINALITY AS pairs (pair, n)`,
            [JSON.stringify(pairs)],
          );
          pairs.forEach((pair, n) => {
            const [filter, value] = pair;
            expect([pair, row.answers[n]]).toEqual([pair, naiveMatch(value, filter)]);
          });
        },
      ),
      { numRuns: 4 },
    );
  });

  it('lets pass what matches, and passes over the rest, in order', async () => {
    await replica.endpoint(receiver.origin, { filter: IMPORTANT });
    await append('INBOX');
    await append('INBOX', 'IMPORTANT');
    await append();
    await append('IMPORTANT');
    expect(await received(2)).toEqual([2, 4]);
    await append('INBOX');
    await settled();
    expect(receiver.sequences()).toEqual([2, 4]);
    expect(await deliveries()).toHaveLength(2);
  });

  it('sees the event as it is delivered', async () => {
    const filter = {
      type: 'message.deleted',
      origin: 'live',
      sequence: { $gte: 2 },
      mailbox: { id: mailbox.id, emailAddress: { $endsWith: '@example.com' }, externalId: null },
    };
    await replica.endpoint(receiver.origin, { filter });
    await append();
    await append();
    expect(await received(1)).toEqual([2]);
    const [row] = await dataSource.query<[{ passes: boolean }]>(
      `SELECT event_passes(events, $1) AS passes FROM events WHERE mailbox_id = $2 AND sequence = 2`,
      [
        {
          ...filter,
          occurredAt: (receiver.received[0]!.event as unknown as { occurredAt: string }).occurredAt,
        },
        mailbox.id,
      ],
    );
    expect(row.passes).toBe(true);
  });

  it('applies the filter to an event once, and once more to one whose delivery waits for its time', async () => {
    const applied = jest.spyOn(FilterCache.prototype, 'passes');
    const filter = { data: { n: { $in: Array.from({ length: 6 }, (_, n) => n * 10) } } };
    await replica.endpoint(receiver.origin, { filter, rateLimit: 100, mailboxIds: [mailbox.id] });
    await replica.append(mailbox, 60);
    expect(await received(6)).toEqual([1, 11, 21, 31, 41, 51]);
    await settled();
    const times = Map.groupBy(applied.mock.calls, ([, { sequence }]) => sequence!);
    applied.mockRestore();
    for (const [sequence, calls] of times)
      expect([sequence, calls.length]).toEqual([sequence, sequence % 10 === 1 && sequence > 1 ? 2 : 1]);
    expect(times.size).toBe(60);
  });

  it('holds for a replay', async () => {
    const { id } = await replica.endpoint(receiver.origin, { filter: IMPORTANT, mailboxIds: [mailbox.id] });
    for (const label of ['A', 'IMPORTANT', 'B', 'IMPORTANT', 'C']) await append(label);
    await received(2);
    await settled();
    await replica.api('POST', `/v1/endpoints/${id}/replay`, { since: '2020-01-01T00:00:00Z' });
    expect(await received(4)).toEqual([2, 4, 2, 4]);
    await settled();
    expect(receiver.sequences()).toHaveLength(4);
  });

  it('holds for what waits: only what passes is shown as pending', async () => {
    const { id } = await replica.endpoint(receiver.origin, { filter: IMPORTANT });
    await disable(id);
    for (const label of ['A', 'IMPORTANT', 'B']) await append(label);
    expect(await deliveries(`endpointId=${id}`)).toEqual([[expect.any(String), 'pending']]);
    expect(await deliveries(`mailboxId=${mailbox.id}&status=pending`)).toHaveLength(1);
    await patch(id, { status: 'enabled' });
    expect(await received(1)).toEqual([2]);
  });

  it('does not hold up what comes after a failing event that passes no longer', async () => {
    const { id } = await replica.endpoint(receiver.origin);
    receiver.answer = ({ event }) => (event.sequence === 1 ? 500 : 204);
    await append('A');
    await append('IMPORTANT');
    await eventually(() => deliveries(`endpointId=${id}&status=pending`), {
      until: ({ length }) => length === 2,
    });
    await eventually(() => dataSource.query(`SELECT 1 FROM deliveries WHERE status = 'pending'`), {
      until: (rows: unknown[]) => rows.length > 0,
    });
    await patch(id, { filter: IMPORTANT });
    expect(await received(2)).toEqual([1, 2]);
    await settled();
    expect((await deliveries(`endpointId=${id}`)).map(([, status]) => status)).toEqual(['delivered', 'dead']);
  });

  it('holds for what is tried again with the others: what passes no longer stays dead', async () => {
    const { id } = await replica.endpoint(receiver.origin);
    receiver.answer = () => 410;
    await append('A');
    await append('IMPORTANT');
    await received(1);
    await dataSource.query(
      `INSERT INTO deliveries (endpoint_id, event_id, mailbox_id, event_type, sequence, status, attempts)
       SELECT $1, id, mailbox_id, type, sequence, 'dead', '[]' FROM events WHERE mailbox_id = $2
       ON CONFLICT (endpoint_id, event_id) DO UPDATE SET status = 'dead'`,
      [id, mailbox.id],
    );
    await dataSource.query('UPDATE delivery_cursors SET sequence = high_watermark, next_attempt_at = now()');
    receiver.answer = () => 204;
    await patch(id, { filter: IMPORTANT, status: 'enabled' });
    const { body } = await replica.api('POST', `/v1/endpoints/${id}/recover`, {});
    expect(body).toMatchObject({ count: 1 });
    expect(await received(2)).toEqual([1, 2]);
  });

  it('is gone when it is set to null', async () => {
    const { id } = await replica.endpoint(receiver.origin, { filter: IMPORTANT });
    await append('A');
    await settled();
    const { body } = await patch(id, { description: 'x' });
    expect(body.filter).toEqual(IMPORTANT);
    expect((await patch(id, { filter: null })).body.filter).toBeNull();
    await append('B');
    expect(await received(1)).toEqual([2]);
  });

  it('holds for events of no mailbox', async () => {
    const { id } = await replica.endpoint(`${receiver.origin}/gone`, { eventTypes: ['message.deleted'] });
    await replica.endpoint(`${receiver.origin}/all`, { eventTypes: ['endpoint.disabled'] });
    const filter = { data: { endpointId: 'end_other' } };
    const other = await replica.endpoint(`${receiver.origin}/none`, {
      eventTypes: ['endpoint.disabled'],
      filter,
    });
    receiver.answer = ({ path }) => (path === '/gone' ? 410 : 204);
    await append();
    await received(2);
    expect(receiver.received.map(({ path }) => path)).toEqual(['/gone', '/all']);
    expect(await deliveries(`endpointId=${other.id}`)).toEqual([]);
    expect(id).toMatch(/^end_/);
  });

  it.each([
    [{ data: { $regex: 'x' } }, 'filter.data.$regex'],
    [{ data: { a: { $gt: true } } }, 'filter.data.a.$gt'],
    [{ a: 'x'.repeat(5_000) }, 'filter'],
    [JSON.parse(`${'{"a":'.repeat(9)}1${'}'.repeat(9)}`) as object, 'filter.a.a.a.a.a.a.a.a'],
    [{ $or: Array.from({ length: 51 }, (_, n) => ({ sequence: n })) }, 'filter'],
    [[], 'filter'],
    ['type', 'filter'],
  ])('is refused when it is %j, with the path', async (filter, path) => {
    const { status, body } = await replica.api('POST', '/v1/endpoints', { url: receiver.origin, filter });
    expect([status, body]).toMatchObject([400, { code: 'validation_failed', errors: [{ path }] }]);
    const { id } = await replica.endpoint(receiver.origin);
    expect((await patch(id, { filter })).body).toMatchObject({ errors: [{ path }] });
  });
});
