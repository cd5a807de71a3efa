import { Client } from 'pg';
import type { Event } from '../../support/api-types';
import { createTestDatabase, type TestDatabase } from '../../support/database/database';
import { eventually } from '../../support/eventually';
import { StreamClient } from '../../support/event/stream-client';
import { API_KEY, insertMailbox, type TestMailbox, TestReplica } from '../../support/test-replica';

describe('a writing transaction in another database of the server', () => {
  let database: TestDatabase;
  let elsewhere: TestDatabase;
  let replica: TestReplica;
  let mailbox: TestMailbox;
  let writer: Client;
  beforeAll(async () => {
    [database, elsewhere] = await Promise.all([createTestDatabase(), createTestDatabase()]);
    replica = await TestReplica.start(database.url);
    mailbox = await insertMailbox(database.dataSource);
    await replica.append(mailbox, 2);
    await eventually(list, { until: ({ data }) => data.length === 2 });
  });
  beforeEach(async () => {
    writer = new Client({ connectionString: elsewhere.url, application_name: 'nightly-report' });
    await writer.connect();
    await writer.query('BEGIN; SELECT pg_current_xact_id()');
  });
  afterEach(() => writer.end());
  afterAll(async () => {
    await replica?.stop();
    await Promise.all([database?.drop(), elsewhere?.drop()]);
  });

  const list = async (query = '') => (await replica.api('GET', `/v1/events?limit=500${query}`)).body;
  const idOf = async (sequence: number): Promise<string> =>
    (
      await database.dataSource.query<{ id: string }[]>(
        'SELECT id FROM events WHERE mailbox_id = $1 AND sequence = $2',
        [mailbox.id, sequence],
      )
    )[0]!.id;
  const sequences = ({ data }: { data: Event[] }) => data.map(({ sequence }) => sequence);
  const ready = async () => (await replica.api('GET', '/health/ready')).body;
  const metric = async () => {
    const text = await (await fetch(`${replica.address}/metrics`)).text();
    return Number(/^inboxwire_event_log_lag_seconds (\S+)$/m.exec(text)?.[1]);
  };
  const age = () =>
    database.dataSource.query(
      `UPDATE events SET occurred_at = now() - interval '20 s' WHERE commit_order >= event_commit_horizon()`,
    );

  it('is reported once events have not been shown for 15 s, with the process id of its session', async () => {
    expect(await ready()).toMatchObject({ status: 'ok', checks: { eventLog: { status: 'up' } } });
    await replica.append(mailbox);
    expect(await ready()).toMatchObject({ status: 'ok' });
    await age();
    const pid = (writer as unknown as { processID: number }).processID;
    const { status, checks } = await ready();
    expect([status, checks.eventLog.status]).toEqual(['degraded', 'degraded']);
    expect(checks.eventLog.detail).toMatch(new RegExp(`not been shown for 2\\d s: .*process id ${pid} `));
    expect(await eventually(metric, { until: (seconds) => seconds >= 20 })).toBeLessThan(60);
    await writer.query('ROLLBACK');
    await eventually(ready, { until: (answer) => answer.status === 'ok' });
    await eventually(metric, { until: (seconds) => seconds === 0, timeout: 5_000 });
  });

  it('makes an event that is not shown yet stand for the last one before it, in the list and in the stream', async () => {
    const before = (await list()).nextCursor;
    await replica.append(mailbox, 2);
    const hidden = await idOf(5);
    const [page, stream] = await Promise.all([
      list(`&after=${hidden}`),
      StreamClient.open(replica.address, { key: API_KEY, lastEventId: hidden }),
    ]);
    expect(page).toEqual({ data: [], nextCursor: before });
    // It knows where it is, should its connection break now.
    await eventually(() => stream.lastEventId === before);
    await writer.query('COMMIT');
    expect(
      sequences(await eventually(() => list(`&after=${before}`), { until: ({ data }) => data.length === 2 })),
    ).toEqual([4, 5]);
    await eventually(() => stream.events, { until: ({ length }) => length === 2 });
    expect(stream.events.map(({ sequence }) => sequence)).toEqual([4, 5]);
    stream.close();
  });
});
