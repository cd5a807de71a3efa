import type { EventPage } from '../../support/api-types';
import { createTestDatabase, type TestDatabase } from '../../support/database/database';
import { eventually } from '../../support/eventually';
import { filledId, fillLog } from '../../support/event/fill-log';
import { StreamClient } from '../../support/event/stream-client';
import { API_KEY, insertMailbox, type TestMailbox, TestReplica } from '../../support/test-replica';

const EVENTS = 25_000;
/** A mailbox without events. */
const QUIET = 'mbx_01h455vb4pex5vsknk084sn02q';

describe('a filter that lets nothing through', () => {
  let database: TestDatabase;
  let replica: TestReplica;
  let mailbox: TestMailbox;
  beforeAll(async () => {
    database = await createTestDatabase();
    replica = await TestReplica.start(database.url);
    mailbox = await insertMailbox(database.dataSource);
    await insertMailbox(database.dataSource, QUIET);
    await fillLog(database.dataSource, mailbox, EVENTS);
  });
  afterAll(async () => {
    await replica?.stop();
    await database?.drop();
  });

  const list = async (query: string) => (await replica.api('GET', `/v1/events?${query}`)).body;
  const shown = (sequence: number) =>
    eventually(() => list(`after=${filledId(sequence - 1)}&limit=1`), {
      until: ({ data }) => data.length === 1,
    });

  it.each(['types=message.added', `mailboxId=${QUIET}&types=mailbox.gap`])(
    'costs a bounded page, whose cursor moves on: %s',
    async (filter) => {
      await shown(EVENTS);
      const cursors: (string | null)[] = [];
      for (let after = ''; ; after = `&after=${cursors.at(-1)}`) {
        const { data, nextCursor } = await list(filter + after);
        expect(data).toEqual([]);
        if (nextCursor === cursors.at(-1)) break;
        cursors.push(nextCursor);
      }
      expect(cursors).toEqual([10_000, 20_000, EVENTS].map(filledId));
    },
  );

  it.each(['types=mailbox.gap,watch.failed', `mailboxId=${QUIET}`])(
    'has an end at once when an index knows that: %s',
    async (filter) => {
      await shown(EVENTS);
      const none = { data: [], nextCursor: filledId(EVENTS) };
      expect(await list(filter)).toEqual(none);
      expect(await list(`${filter}&after=${filledId(EVENTS)}`)).toEqual(none);
    },
  );

  it('hides nothing behind the pages that are empty', async () => {
    const [{ last_sequence: last }] = await database.dataSource.query<[{ last_sequence: number }]>(
      'SELECT last_sequence::int FROM mailbox_sequences WHERE mailbox_id = $1',
      [mailbox.id],
    );
    await replica.append(mailbox, 3, 'mailbox.gap');
    await eventually(() => list(`after=${filledId(EVENTS)}`), { until: ({ data }) => data.length === 3 });
    const found: number[] = [];
    for (let after: string | null = null; ;) {
      const { data, nextCursor }: EventPage = await list(
        `types=mailbox.gap&limit=2${after ? `&after=${after}` : ''}`,
      );
      found.push(...data.map(({ sequence }) => sequence!));
      if (data.length > 0) expect(nextCursor).toBe(data.at(-1)!.id);
      if (nextCursor === after) break;
      after = nextCursor;
    }
    expect(found).toEqual([last + 1, last + 2, last + 3]);
  });

  it('lets a stream pass over the log in bounded pages, and sends what comes then', async () => {
    const client = await StreamClient.open(replica.address, {
      key: API_KEY,
      lastEventId: filledId(1),
      query: { types: 'watch.failed' },
    });
    await replica.append(mailbox, 1, 'watch.failed');
    await eventually(() => client.events, { until: ({ length }) => length === 1 });
    client.close();
  });

  it('gives the events of a mailbox at once, page by page, from wherever it is asked', async () => {
    await shown(EVENTS);
    const late = await insertMailbox(database.dataSource);
    await replica.append(late, 5);
    const of = `mailboxId=${late.id}&limit=2`;
    const sequences = ({ data }: EventPage) => data.map(({ sequence }) => sequence);
    const first = await eventually(() => list(of), { until: ({ data }) => data.length === 2 });
    expect(sequences(first)).toEqual([1, 2]);
    const second = await list(`${of}&after=${first.nextCursor}`);
    expect(sequences(second)).toEqual([3, 4]);
    expect(sequences(await list(`${of}&after=${second.nextCursor}`))).toEqual([5]);
    // The position is another mailbox's: the log is read on from there.
    expect(sequences(await list(`${of}&after=${filledId(EVENTS)}`))).toEqual([1, 2]);
    expect(await list(`${of}&after=${filledId(1)}`)).toEqual({ data: [], nextCursor: filledId(10_001) });
    expect((await list(`mailboxId=${mailbox.id}&limit=500`)).data).toHaveLength(500);
  });
});
