import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from 'pg';
import { DataSource } from 'typeorm';
import { EmbeddedPostgres } from '../../../src/database/embedded/embedded-postgres';
import { eventually } from '../../support/eventually';
import { logLines } from '../../support/observability/log-lines';
import { insertMailbox, type TestMailbox, TestReplica } from '../../support/test-replica';

/** On a server of its own: prepared transactions are off unless the server starts with them. */
describe('a log that a transaction elsewhere keeps from being shown', () => {
  const logs: string[] = [];
  let directory: string;
  let server: EmbeddedPostgres;
  let dataSource: DataSource;
  let replica: TestReplica;
  let mailbox: TestMailbox;
  let writer: Client;

  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), 'inboxwire-log-lag-'));
    server = await EmbeddedPostgres.start(directory);
    await execute('ALTER SYSTEM SET max_prepared_transactions = 2');
    await server.stop();
    server = await EmbeddedPostgres.start(directory);
    replica = await TestReplica.start(server.url, {}, logs);
    dataSource = await new DataSource({ type: 'postgres', url: server.url }).initialize();
    mailbox = await insertMailbox(dataSource);
  }, 60_000);
  beforeEach(async () => {
    logs.length = 0;
    writer = new Client({ connectionString: server.url, application_name: 'nightly-report' });
    await writer.connect();
    await writer.query('BEGIN; SELECT pg_current_xact_id()');
  });
  afterEach(() => writer.end());
  afterAll(async () => {
    await dataSource?.destroy();
    await replica?.stop();
    await server?.stop();
    await rm(directory, { recursive: true, force: true });
  });

  const execute = async (statement: string) => {
    const client = new Client({ connectionString: server.url });
    await client.connect();
    await client.query(statement).finally(() => client.end());
  };
  /** Events that have waited for 20 s, without the wait. */
  const hide = async () => {
    await replica.append(mailbox);
    await dataSource.query(
      `UPDATE events SET occurred_at = now() - interval '20 s' WHERE commit_order >= event_commit_horizon()`,
    );
  };
  const ready = async () => (await replica.api('GET', '/health/ready')).body;
  const isOk = () => eventually(ready, { until: ({ status }) => status === 'ok' });
  const line = (text: string) =>
    eventually(() => logLines(logs).find(({ msg }) => msg?.includes(text)), {
      timeout: 10_000,
    });

  it('is a warning once, with what may be seen of the session, and a line when it is over', async () => {
    await hide();
    const pid = (writer as unknown as { processID: number }).processID;
    const warning = await line('Events have not been shown for');
    expect(warning).toMatchObject({
      level: 40,
      seconds: expect.any(Number),
      pid,
      application: 'nightly-report',
      state: 'idle in transaction',
    });
    expect(warning!.msg).toContain(`SELECT pg_terminate_backend(${pid})`);
    await writer.query('ROLLBACK');
    await line('events are shown again');
    expect(logs.filter((one) => one.includes('have not been shown'))).toHaveLength(1);
  }, 30_000);

  it('names a prepared transaction, which belongs to no session, and what ends it', async () => {
    await writer.query(`PREPARE TRANSACTION 'two-phase-7'`);
    await hide();
    const { status, checks } = await ready();
    expect([status, checks.eventLog.status]).toEqual(['degraded', 'degraded']);
    expect(checks.eventLog.detail).toMatch(
      /a prepared transaction is open. See pg_prepared_xacts, and COMMIT/,
    );
    expect(await line('a prepared transaction is open')).toMatchObject({
      level: 40,
      pid: null,
      preparedAs: 'two-phase-7',
      state: 'prepared',
    });
    await execute(`ROLLBACK PREPARED 'two-phase-7'`);
    await isOk();
    await line('events are shown again');
  }, 30_000);
});
