import { EventLogService } from '../../../src/event/log/event-log.service';
import { createTestDatabase, type TestDatabase } from '../../support/database/database';
import { eventually } from '../../support/eventually';
import { API_KEY, TestReplica, insertMailbox, type TestMailbox } from '../../support/test-replica';
import { runRetention } from '../../support/event/retention';
import { StreamClient } from '../../support/event/stream-client';

describe('EVENT_RETENTION', () => {
  let database: TestDatabase;
  let replica: TestReplica;
  let ada: TestMailbox;
  let bob: TestMailbox;

  beforeEach(async () => {
    database = await createTestDatabase();
    replica = await TestReplica.start(database.url);
    ada = await insertMailbox(database.dataSource);
    bob = await insertMailbox(database.dataSource);
  });
  afterEach(async () => {
    await replica?.stop();
    await database?.drop();
  });

  const get = <const P extends string>(path: P) => replica.api('GET', path);
  const list = async (count: number) =>
    eventually(async () => (await get('/v1/events?limit=500')).body.data, {
      until: ({ length }) => length === count,
    });
  /** The passing of a month, for these events or for all. */
  const age = (ids?: string[]) =>
    database.dataSource.query(
      `UPDATE events SET occurred_at = occurred_at - interval '31 days' WHERE $1::text[] IS NULL OR id = ANY ($1)`,
      [ids ?? null],
    );
  const run = (at = replica) => runRetention(at);

  it('takes a beginning out of the log and leaves no hole, also when times are not in order', async () => {
    for (let n = 0; n < 3; n++) for (const mailbox of [ada, bob]) await replica.append(mailbox);
    const ids: string[] = (await list(6)).map(({ id }) => id);
    await age([...ids.slice(0, 3), ...ids.slice(4, 5)]);
    await run();
    expect((await list(3)).map(({ id }) => id)).toEqual(ids.slice(3));
    expect((await get(`/v1/events?after=${ids[3]}`)).body.data.length).toBe(2);
    const expired = await get(`/v1/events?after=${ids[2]}`);
    expect(expired).toMatchObject({
      status: 410,
      body: {
        code: 'cursor_expired',
        oldestEventId: ids[3],
        detail: expect.stringContaining(String(ids[3])),
      },
    });
    expect((await get(`/v1/events/${ids[0]}`)).status).toBe(404);
    const options = { key: API_KEY, lastEventId: ids[2] };
    expect(await StreamClient.refusal(replica.address, options)).toEqual({
      status: 410,
      problem: { ...expired.body, requestId: expect.any(String) },
    });
  });

  it('lets an emptied log go on with its sequences, and holds no stream up', async () => {
    await replica.append(ada, 2);
    const [, last] = await list(2);
    const stream = await StreamClient.open(replica.address, { key: API_KEY });
    await age();
    await run();
    expect((await get('/v1/events')).body).toEqual({ data: [], nextCursor: null });
    const expired = await get(`/v1/events?after=${last!.id}`);
    expect(expired).toMatchObject({ status: 410, body: { detail: expect.stringContaining('empty') } });
    expect(expired.body).not.toHaveProperty('oldestEventId');
    await replica.append(ada);
    const [next] = await list(1);
    expect(next!.sequence).toBe(3);
    await eventually(() => stream.events.length > 0);
    expect(stream.events).toEqual([next]);
    stream.close();
  });

  it('does not let a message be reported again that was reported before', async () => {
    const log = replica.application.get(EventLogService);
    const add = async (...messageIds: string[]) => {
      const events = messageIds.map((messageId) => ({
        type: 'message.added' as const,
        messageId,
        data: { messageId },
      }));
      return (await log.transaction(ada.id, ({ append }) => append(events))).length;
    };
    expect(await add('m1', 'm2')).toBe(2);
    await list(2);
    await age();
    await run();
    expect(await log.withoutAdded(ada.id, ['m1', 'm2', 'm3'])).toEqual(['m3']);
    expect(await add('m1', 'm3')).toBe(1);
    expect((await list(1))[0]!.data).toEqual({ messageId: 'm3' });
  });

  it('is kept by one replica at a time, batch after batch', async () => {
    const other = await TestReplica.start(database.url);
    for (const mailbox of [ada, bob]) await replica.append(mailbox, 1_500);
    await eventually(async () => (await get('/v1/events?limit=500')).body.data.length === 500);
    await age();
    await replica.append(ada);
    await Promise.all([run(), run(other)]);
    await other.stop();
    const [left] = await list(1);
    expect(left!.sequence).toBe(1_501);
  });

  it('is kept without being asked', async () => {
    const brief = await TestReplica.start(database.url, { EVENT_RETENTION: '1s' });
    await brief.append(ada);
    const { id } = (await list(1))[0]!;
    await eventually(async () => (await get(`/v1/events/${id}`)).status === 404);
    await brief.stop();
  });
});
