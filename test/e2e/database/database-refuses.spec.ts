import { Client } from 'pg';
import type { Mailbox, Readiness } from '../../support/api-types';
import { eventually } from '../../support/eventually';
import { logOf, messageEvents, quiet } from '../../support/event/mailbox-log';
import { logLines } from '../../support/observability/log-lines';
import { notification, sendPush, wrapped } from '../../support/webhook/push';
import { createTestApp, type TestApp } from '../../support/test-app';

const ADA = 'ada@example.com';

/** Makes a role that is no superuser, since limits do not bind one, and gives the URL for it. */
async function asPlainRole(databaseUrl: string): Promise<string> {
  const url = new URL(databaseUrl);
  const role = url.pathname.slice(1);
  const admin = new Client({ connectionString: databaseUrl });
  await admin.connect();
  await admin.query(`CREATE ROLE ${role} LOGIN PASSWORD 'secret'`);
  for (const kind of ['TABLES', 'SEQUENCES', 'FUNCTIONS'])
    await admin.query(`GRANT ALL ON ALL ${kind} IN SCHEMA public TO ${role}`);
  await admin.end();
  [url.username, url.password] = [role, 'secret'];
  return url.href;
}

describe('the gateway and a database that answers and refuses', () => {
  let app: TestApp;
  let mailbox: Mailbox;
  let name: string;
  beforeAll(async () => {
    app = await createTestApp(async (databaseUrl) => {
      name = new URL(databaseUrl).pathname.slice(1);
      return { DATABASE_URL: await asPlainRole(databaseUrl) };
    });
    mailbox = await app.connect(ADA);
    await quiet(app, mailbox);
  });
  afterAll(() => app?.close());

  const query = <Row>(text: string) => app.database.dataSource.query<Row[]>(text);
  const push = () => {
    const news = `"${BigInt(app.google.historyId(ADA)) + 1n}"`;
    return sendPush(app, { body: wrapped(notification(ADA, news)) });
  };
  const ready = async () => {
    const answer = await fetch(`${app.service.address}/health/ready`);
    return { status: answer.status, body: (await answer.json()) as Readiness };
  };
  /** As in a fail-over: whoever is connected has to connect again. */
  const resetConnections = () =>
    query(`SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = '${name}'`);
  const addedIds = async () =>
    messageEvents(await logOf(app, mailbox))
      .filter(({ type }) => type === 'message.added')
      .map(({ data }) => data.messageId);
  const lastErrorAndFailures = async () => {
    const [cursor] = await query<{ failures: number }>('SELECT failures FROM mailbox_cursors');
    return [(await app.api.get(`/v1/mailboxes/${mailbox.id}`)).sync.lastError, cursor!.failures];
  };

  /** What holds in each case: pushes come again, readiness names the database, and all resumes within seconds. */
  async function survives(begin: () => Promise<unknown>, end: () => Promise<unknown>): Promise<void> {
    await begin();
    const { id } = app.google.deliver(ADA);
    await eventually(async () => (await push()).status === 503);
    expect(await eventually(ready, { until: ({ status }) => status === 503 })).toMatchObject({
      body: { checks: { database: { status: 'down', detail: expect.any(String) } } },
    });
    await end();
    const ended = performance.now();
    await eventually(async () => (await push()).status === 204);
    await app.google.pushesSettled();
    expect(await addedIds()).toContain(id);
    await eventually(async () => (await ready()).status === 200);
    expect(performance.now() - ended).toBeLessThan(5_000);
    expect(await lastErrorAndFailures()).toEqual([null, 0]);
  }

  it('goes on when it was sent to a standby, which takes no writes, and back', () =>
    survives(
      async () => {
        await query(`ALTER ROLE ${name} SET default_transaction_read_only = on`);
        await resetConnections();
      },
      // No connection is reset here: those that lead to the standby have to be given up by the service itself.
      () => query(`ALTER ROLE ${name} RESET default_transaction_read_only`),
    ));

  it('goes on when there were too many connections', () =>
    survives(
      async () => {
        await query(`ALTER ROLE ${name} CONNECTION LIMIT 0`);
        await resetConnections();
      },
      () => query(`ALTER ROLE ${name} CONNECTION LIMIT -1`),
    ));

  it('goes on when its password was changed, and is what it was again', () =>
    survives(
      async () => {
        await query(`ALTER ROLE ${name} PASSWORD 'another'`);
        await resetConnections();
      },
      () => query(`ALTER ROLE ${name} PASSWORD 'secret'`),
    ));

  it('goes on from where it was when the disk was full, and holds it against no mailbox', async () => {
    // The very error of PostgreSQL, at the statement that needs room first: the append of events.
    await query(
      `CREATE FUNCTION disk_full() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
         RAISE EXCEPTION 'could not extend file: No space left on device' USING ERRCODE = 'disk_full'; END $$`,
    );
    await query('CREATE TRIGGER is_full BEFORE INSERT ON events EXECUTE FUNCTION disk_full()');
    const reads = () => app.logs.filter((line) => line.includes('"outcome":"database_away"')).length;
    const before = reads();
    const { id } = app.google.deliver(ADA);
    await eventually(() => reads() >= before + 3);
    expect(await lastErrorAndFailures()).toEqual([null, 0]);
    await query('DROP TRIGGER is_full ON events');
    const ended = performance.now();
    expect(await addedIds()).toContain(id);
    expect(performance.now() - ended).toBeLessThan(3_000);
  });

  it('answers 503 to a push for which there is no room', async () => {
    await query('CREATE TRIGGER is_full BEFORE UPDATE ON mailbox_cursors EXECUTE FUNCTION disk_full()');
    expect(await push()).toMatchObject({ status: 503, problem: { code: 'unavailable' } });
    await query('DROP TRIGGER is_full ON mailbox_cursors');
    expect(await push()).toMatchObject({ status: 204 });
  });

  it('answers 503 to a request whose transaction PostgreSQL has ended for the sake of another one', async () => {
    await query(
      `CREATE FUNCTION deadlock() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
         RAISE EXCEPTION 'deadlock detected' USING ERRCODE = 'deadlock_detected'; END $$`,
    );
    await query('CREATE TRIGGER is_deadlock BEFORE INSERT ON backfills EXECUTE FUNCTION deadlock()');
    const since = new Date().toISOString();
    const backfill = (status: 202 | 503) =>
      app.api.post(`/v1/mailboxes/${mailbox.id}/backfill`, { since }, status as 202);
    expect(await backfill(503)).toMatchObject({ code: 'unavailable' });
    await query('DROP TRIGGER is_deadlock ON backfills');
    await backfill(202);
  });

  it('warns, once for each, and has no error in its log', () => {
    const lines = logLines(app.logs);
    expect(lines.filter(({ level }) => level >= 50)).toEqual([]);
    expect(lines.filter(({ msg }) => msg === 'requests are answered 503 for now')).toHaveLength(1);
    expect(lines.filter(({ msg }) => msg === 'the database is back').length).toBeGreaterThan(0);
  });
});
