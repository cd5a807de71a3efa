import { DataSource } from 'typeorm';
import { NUMBERED_TABLES } from '../../../src/database/copied-rows.store';
import { serviceOptions } from '../../../src/database/data-source-options';
import { Receiver } from '../../fakes/receiver/receiver';
import { createTestDatabase, type TestDatabase } from '../../support/database/database';
import { eventually } from '../../support/eventually';
import { startReplicaTest } from '../../support/replica-test';
import { TestReplica, insertMailbox } from '../../support/test-replica';

/** The old server had counted a billion transactions; this one begins anew. */
const COPY_EVENTS = 'UPDATE events SET commit_order = commit_order + 1000000000';

describe('a log that was restored from a dump', () => {
  let database: TestDatabase;
  let replica: TestReplica | undefined;
  beforeAll(async () => void (database = await createTestDatabase()));
  afterAll(async () => {
    await replica?.stop();
    await database.drop();
  });

  it('shows what is appended after what was restored, whose transactions had larger ids', async () => {
    const mailbox = await insertMailbox(database.dataSource);
    replica = await TestReplica.start(database.url);
    await replica.append(mailbox, 2);
    await replica.stop();
    await database.dataSource.query(COPY_EVENTS);
    replica = await TestReplica.start(database.url);
    await replica.append(mailbox, 2);
    const sequences = async (query = '') => {
      const { body } = await replica!.api('GET', `/v1/events?${query}`);
      return { seen: body.data.map(({ sequence }) => sequence), nextCursor: body.nextCursor };
    };
    expect((await sequences()).seen).toEqual([1, 2, 3, 4]);
    const { nextCursor } = await sequences('limit=2');
    expect((await sequences(`after=${nextCursor}`)).seen).toEqual([3, 4]);
  });

  it('is followed by what an endpoint gets whose change was not seen by all appends when it was dumped', async () => {
    const receiver = await Receiver.start();
    try {
      const mailbox = await insertMailbox(database.dataSource);
      await replica!.append(mailbox);
      const { id } = await replica!.endpoint(receiver.origin, { mailboxIds: [mailbox.id] });
      await replica!.stop();
      await database.dataSource.query(
        `UPDATE endpoints SET subscribed_from = '3000000000:3000000007:3000000001' WHERE id = $1`,
        [id],
      );
      replica = await TestReplica.start(database.url);
      await replica.append(mailbox, 2);
      expect(await eventually(() => receiver.sequences(), { until: (seen) => seen.length === 2 })).toEqual([
        2, 3,
      ]);
    } finally {
      await receiver.stop();
    }
  });
});

describe('a database whose address is switched to a logical copy while replicas run', () => {
  const test = startReplicaTest();

  const switchOver = async () => {
    await test.database.dataSource.query(COPY_EVENTS);
    for (const table of NUMBERED_TABLES)
      await test.database.dataSource.query(`ALTER SEQUENCE ${table}_id_seq RESTART`);
    await test.database.dataSource.query(
      `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
       WHERE datname = current_database() AND application_name LIKE 'inboxwire%' AND pid <> pg_backend_pid()`,
    );
  };
  const sequencesAfter = async (cursor: string) => {
    const { status, body } = await test.replica.api('GET', `/v1/events?after=${cursor}`);
    return status === 200 ? body.data.map(({ sequence }) => sequence) : [];
  };

  it('shows what is appended after what was copied, to those who read the copied rows before', async () => {
    const mailbox = await insertMailbox(test.database.dataSource);
    await test.replica.append(mailbox, 2);
    const { nextCursor } = (await test.replica.api('GET', '/v1/events')).body;
    await switchOver();
    await eventually(() =>
      test.replica.append(mailbox, 2).then(
        () => true,
        () => false,
      ),
    );
    const until = (seen: (number | null)[]) => seen.length === 2;
    expect(await eventually(() => sequencesAfter(nextCursor!), { until })).toEqual([3, 4]);
  });

  it('makes keys that are not taken, though the sequences were not copied', async () => {
    await test.replica.endpoint('http://127.0.0.1:9/one');
    await switchOver();
    const made = await eventually(
      () => test.replica.api('POST', '/v1/endpoints', { url: 'http://127.0.0.1:9/two' }),
      {
        until: ({ status }) => status !== 503,
      },
    );
    expect(made.status).toBe(201);
  });

  it('does so too when all tables are published, back to the old server for instance', async () => {
    const { dataSource } = test.database;
    const before = await dataSource.query<{ xid_offset: string }[]>('SELECT * FROM event_log_origin');
    await dataSource.query('ALTER TABLE event_log_origin REPLICA IDENTITY DEFAULT');
    await dataSource.query('CREATE PUBLICATION back FOR ALL TABLES');
    await switchOver();
    await eventually(async () => (await test.replica.api('GET', '/v1/endpoints')).status === 200);
    const [moved] = await dataSource.query<{ further: boolean }[]>(
      'SELECT xid_offset > $1 AS further FROM event_log_origin',
      [before[0]!.xid_offset],
    );
    expect(moved).toEqual({ further: true });
    await dataSource.query('DROP PUBLICATION back');
  });

  it('lets connections be made while somebody has locked its tables', async () => {
    const options = { ...serviceOptions(test.database.url), poolSize: 1 };
    await test.database.dataSource.transaction(async (manager) => {
      await manager.query('LOCK TABLE events, endpoints IN ACCESS EXCLUSIVE MODE');
      const connected = await new DataSource(options).initialize();
      expect(await connected.query('SHOW lock_timeout')).toEqual([{ lock_timeout: '0' }]);
      await connected.destroy();
    });
  });

  it('counts on for every table whose key is a number of a sequence', async () => {
    const numbered = await test.database.dataSource.query<{ name: string }[]>(
      `SELECT table_name AS name FROM information_schema.columns
       WHERE table_schema = 'public' AND is_identity = 'YES' AND column_name = 'id' ORDER BY 1`,
    );
    expect(numbered.map(({ name }) => name)).toEqual(NUMBERED_TABLES);
  });
});
