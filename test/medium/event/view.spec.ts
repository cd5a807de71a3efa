import type { DataSource } from 'typeorm';
import { startReplicaTest } from '../../support/replica-test';
import { insertMailbox, type TestMailbox, type TestReplica } from '../../support/test-replica';

const TIME = (minute: number) => new Date(Date.UTC(2026, 0, 1, 0, minute)).toISOString();

describe('the list of events for people', () => {
  const test = startReplicaTest();
  let dataSource: DataSource;
  let replica: TestReplica;
  let mailbox: TestMailbox;
  let other: TestMailbox;
  /** The events of twelve minutes, one each, by turns of the two mailboxes. */
  let ids: string[];
  beforeAll(async () => {
    ({ replica } = test);
    dataSource = test.database.dataSource;
    [mailbox, other] = [await insertMailbox(dataSource), await insertMailbox(dataSource)];
    for (let n = 0; n < 12; n += 1)
      await replica.append(n % 2 ? other : mailbox, 1, n % 3 ? 'message.deleted' : 'watch.expired');
    const rows = await dataSource.query<{ id: string }[]>(
      `WITH timed AS (SELECT id, row_number() OVER (ORDER BY commit_order, position) - 1 AS minute FROM events)
       UPDATE events SET occurred_at = $1::timestamptz + minute * interval '1 minute' FROM timed
       WHERE timed.id = events.id RETURNING events.id`,
      [TIME(0)],
    );
    expect(rows.flat().length).toBeGreaterThanOrEqual(2);
    ids = (await replica.api('GET', '/v1/events')).body.data.map(({ id }) => id);
  });

  const list = async (query: string) => (await replica.api('GET', `/v1/events?${query}`)).body;
  /** Every page of a list, by the minutes of its events. */
  const all = async (query: string, limit: number) => {
    const seen: string[] = [];
    for (let after: string | undefined; ;) {
      const page = await list(`${query}&limit=${limit}${after === undefined ? '' : `&after=${after}`}`);
      seen.push(...page.data.map(({ id }) => id));
      if (page.nextCursor === null || page.nextCursor === after) return seen.map((id) => ids.indexOf(id));
      after = page.nextCursor;
    }
  };
  const minutes = (from: number, to: number) => Array.from({ length: to - from }, (_, n) => from + n);

  it.each([1, 3, 12, 50])('has the newest first, page by page of %d, to the end', async (limit) => {
    expect(await all('order=desc', limit)).toEqual(minutes(0, 12).reverse());
  });

  it('says that nothing older is left', async () => {
    expect((await list('order=desc&limit=50')).nextCursor).toBeNull();
    expect(await list(`order=desc&after=${ids[0]}`)).toEqual({ data: [], nextCursor: null });
    expect((await list('order=desc&limit=4')).nextCursor).toBe(ids[8]);
  });

  it.each(['asc', 'desc'])(
    'is of a time, in the order %s: from its beginning, and before its end',
    async (order) => {
      const of = (from: number, to: number) =>
        order === 'asc' ? minutes(from, to) : minutes(from, to).reverse();
      for (const limit of [2, 50]) {
        expect(await all(`order=${order}&since=${TIME(3)}`, limit)).toEqual(of(3, 12));
        expect(await all(`order=${order}&until=${TIME(5)}`, limit)).toEqual(of(0, 5));
        expect(await all(`order=${order}&since=${TIME(4)}&until=${TIME(9)}`, limit)).toEqual(of(4, 9));
        expect(await all(`order=${order}&since=${TIME(60)}`, limit)).toEqual([]);
      }
    },
  );

  it.each(['asc', 'desc'])('takes the filters of the list too, in the order %s', async (order) => {
    const of = (wanted: number[]) => (order === 'asc' ? wanted : wanted.toReversed());
    const time = `order=${order}&since=${TIME(1)}&until=${TIME(11)}`;
    expect(await all(`${time}&mailboxId=${mailbox.id}`, 2)).toEqual(of([2, 4, 6, 8, 10]));
    expect(await all(`${time}&types=watch.expired`, 2)).toEqual(of([3, 6, 9]));
    expect(await all(`${time}&types=message.deleted,watch.expired`, 3)).toEqual(of(minutes(1, 11)));
    expect(await all(`${time}&mailboxId=${other.id}&types=message.deleted`, 1)).toEqual(of([1, 5, 7]));
  });

  it('takes times in any zone', async () => {
    expect(await all('since=2026-01-01T01:10:00%2B01:00', 50)).toEqual([10, 11]);
  });

  it.each(['0000-01-01T00:00:00Z', '0001-01-01T00:00:00%2B23:59'])(
    'takes times long ago: %s',
    async (time) => {
      expect(await all(`since=${time}`, 50)).toEqual(minutes(0, 12));
      expect(await all(`until=${time}`, 50)).toEqual([]);
    },
  );

  it('takes times far ahead', async () => {
    expect(await all('until=9999-12-31T23:59:59-23:59', 50)).toEqual(minutes(0, 12));
    expect(await all('since=9999-12-31T23:59:59-23:59', 50)).toEqual([]);
  });

  it('finds where a time begins in the log', async () => {
    for (const minute of [0, 5, 11]) {
      const [row] = await dataSource.query<[{ position: string }]>(
        `SELECT count(*) AS position FROM events WHERE commit_order < event_order_at($1)`,
        [TIME(minute)],
      );
      expect(Number(row.position)).toBe(minute);
    }
  });

  it('is 410 behind an event that the log no longer has', async () => {
    const { status, body } = await replica.api(
      'GET',
      '/v1/events?order=desc&after=evt_01h3z9c7jaf3c8rkhq5mn2wabc',
    );
    expect([status, body]).toMatchObject([410, { code: 'cursor_expired' }]);
  });

  it.each([
    ['order=newest', 'order'],
    ['since=yesterday', 'since'],
    ['until=2026-02-30T00:00:00Z', 'until'],
    [`since=${TIME(5)}&until=${TIME(5)}`, 'until'],
  ])('refuses %s', async (query, path) => {
    const { status, body } = await replica.api('GET', `/v1/events?${query}`);
    expect([status, body]).toMatchObject([400, { errors: [{ path }] }]);
  });
});
