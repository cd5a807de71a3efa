import { messageIdOf, ofType } from '../../support/event/of-type';
import type { Mailbox } from '../../support/api-types';
import { eventually } from '../../support/eventually';
import { logOf, quiet } from '../../support/event/mailbox-log';
import { notification, sendPush, wrapped } from '../../support/webhook/push';
import { createCabledApp } from '../../support/database/cabled-app';
import type { TcpProxy } from '../../support/database/tcp-proxy';
import type { TestApp } from '../../support/test-app';

const ADA = 'ada@example.com';

describe('the gateway and its database', () => {
  let app: TestApp;
  let cable: TcpProxy;
  let mailbox: Mailbox;
  beforeAll(async () => {
    ({ app, cable } = await createCabledApp());
    mailbox = await app.connect(ADA);
    await quiet(app, mailbox);
  });
  afterAll(async () => {
    await app?.close();
    await cable?.cut();
  });

  const news = () => wrapped(notification(ADA, `"${BigInt(app.google.historyId(ADA)) + 1_000n}"`));
  const query = <Row>(text: string, values: unknown[] = []) =>
    app.database.dataSource.query<Row[]>(text, values);
  const waitingBackends = () =>
    query<{ pid: number }>(
      `SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'
       AND query LIKE '%WITH hint AS%'`,
    );

  /** Sends a push while another transaction holds the table of cursors, so that its commit has to wait. */
  async function pushAgainstALock(whileItWaits: (answered: () => boolean) => Promise<void>) {
    const holder = app.database.dataSource.createQueryRunner();
    await holder.startTransaction();
    try {
      await holder.query('LOCK TABLE mailbox_cursors IN SHARE MODE');
      let answered = false;
      const answer = sendPush(app, { body: news() }).finally(() => (answered = true));
      await eventually(waitingBackends, { until: ({ length }) => length > 0 });
      await whileItWaits(() => answered);
      await holder.commitTransaction();
      return await answer;
    } finally {
      await holder.release();
    }
  }

  const notified = async () => {
    const text = 'SELECT notified_history_id FROM mailbox_cursors';
    return (await query<{ notified_history_id: string | null }>(text))[0]!.notified_history_id;
  };

  it('answers 204 only after the hint is committed', async () => {
    const { status } = await pushAgainstALock(async (answered) => {
      // A round trip through the same service: an answer that did not wait for the lock would be here by now.
      await fetch(`${app.service.address}/health/live`);
      expect(answered()).toBe(false);
      expect(await notified()).not.toBe(`${BigInt(app.google.historyId(ADA)) + 1_000n}`);
    });
    expect(status).toBe(204);
    expect(await notified()).toBe(`${BigInt(app.google.historyId(ADA)) + 1_000n}`);
  });

  it('does not acknowledge a push whose commit is broken off', async () => {
    const answer = await pushAgainstALock(async () => {
      for (const { pid } of await waitingBackends()) await query('SELECT pg_terminate_backend($1)', [pid]);
    });
    expect(answer).toMatchObject({ status: 503, problem: { code: 'unavailable' } });
    // Pub/Sub delivers it again, and until the broken connection has left the pool that may fail once more.
    await eventually(async () => (await sendPush(app, { body: news() })).status === 204);
  });

  it('answers 503 while the database is away, and loses nothing', async () => {
    const sent = [app.google.deliver(ADA)];
    await logOf(app, mailbox);
    await cable.cut();
    expect(await sendPush(app, { body: news() })).toMatchObject({
      status: 503,
      headers: { 'retry-after': '1' },
      problem: { status: 503, code: 'unavailable' },
    });
    sent.push(app.google.deliver(ADA), app.google.deliver(ADA));
    const { attempts } = app.google.topics.subscriptions[0]!;
    await eventually(() => attempts.some(({ status }) => status === 503));
    await cable.restore();
    await app.google.pushesSettled();
    const added = ofType(await logOf(app, mailbox), 'message.added');
    expect(added.map(({ data }) => data.messageId)).toEqual(sent.map(({ id }) => id));
  });

  it('shows a reader nothing that an earlier transaction may still come before', async () => {
    const other = await app.connect('other@example.com');
    await quiet(app, other);
    await logOf(app, mailbox);
    const start = (await app.api.events()).at(-1)!.id;
    // The append of the one begins first and is held up; that of the other begins later and is committed.
    const holder = app.database.dataSource.createQueryRunner();
    await holder.startTransaction();
    await holder.query('SELECT 1 FROM mailbox_sequences WHERE mailbox_id = $1 FOR UPDATE', [mailbox.id]);
    const slow = app.google.deliver(ADA);
    // By itself: a commit that it shared with others would give up soon.
    const held = `SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'
                  AND query ~ 'WHERE append_lock'`;
    await eventually(() => query(held), { until: ({ length }) => length > 0 });
    const fast = app.google.deliver(other.emailAddress);
    const synced = async () => (await app.api.get(`/v1/mailboxes/${other.id}`)).sync.historyId;
    await eventually(synced, { until: (historyId) => historyId === fast.historyId });

    const first = await app.api.get(`/v1/events?after=${start}`);
    await holder.commitTransaction();
    await holder.release();
    const rest = await eventually(() => app.api.events({ after: first.nextCursor! }), {
      until: ({ length }) => first.data.length + length >= 2,
    });
    expect([...first.data, ...rest].map(messageIdOf)).toEqual([slow.id, fast.id]);
  });

  it('takes up again, also on a busy replica, a sync whose end could not be stored', async () => {
    const BUSY = 'busy@example.com';
    const busy = await app.connect(BUSY);
    await quiet(app, busy);
    const hangs = [BUSY, ADA].map((account) =>
      app.google.failNext({ method: 'gmail.users.history.list', account, hang: true }),
    );
    app.google.deliver(BUSY);
    const sent = app.google.deliver(ADA);
    await eventually(() => hangs.every(({ hits }) => hits === 1));
    await cable.cut();
    hangs[1]!.release();
    // The sync of the one fails to commit and fails to say so, while that of the other goes on.
    await eventually(() => app.logs.some((line) => line.includes('a sync waits for the database')));
    await cable.restore();
    const seen = () => app.api.events({ mailboxId: mailbox.id });
    const events = await eventually(seen, {
      timeout: 20_000,
      until: (log) => messageIdOf(log.at(-1)) === sent.id,
    });
    expect(events.filter((event) => messageIdOf(event) === sent.id)).toHaveLength(1);
    expect(hangs[0]!.hits).toBe(1);
    hangs[0]!.release();
  });
});
