import type { Mailbox } from '../../support/api-types';
import { connectMany } from '../../support/connection/connect-many';
import { eventually } from '../../support/eventually';
import { logOf, messageEvents, quiet } from '../../support/event/mailbox-log';
import { measureIsolation } from '../../support/isolation';
import { createTestApp, type TestApp } from '../../support/test-app';
import { sendPush, wrapped } from '../../support/webhook/push';

const HISTORY = 'gmail.users.history.list';

interface CursorRow {
  next_sync_at: Date;
  gap_found_at: Date | null;
  claimed_by: string | null;
  attempts: number;
}

describe('mailboxes that are held up', () => {
  let app: TestApp;
  let mailboxes: Mailbox[];
  beforeAll(async () => {
    app = await createTestApp();
    mailboxes = await connectMany(app, 46);
  });
  afterAll(() => app?.close());
  afterEach(() => app.google.faults.clear());

  const sql = <Row>(text: string, parameters: unknown[] = []) =>
    app.database.dataSource.query<Row[]>(text, parameters);
  const hang = (some: Mailbox[]) =>
    some.map(({ emailAddress }) =>
      app.google.failNext({ method: HISTORY, account: emailAddress, hang: true, times: 1_000 }),
    );
  const hanging = (faults: { hits: number }[]) => faults.filter(({ hits }) => hits > 0).length;
  const arrives = async (mailbox: Mailbox) => {
    const { id } = app.google.deliver(mailbox.emailAddress, { text: 'x' });
    const events = messageEvents(await logOf(app, mailbox));
    expect(events.map(({ data }) => data.messageId)).toContain(id);
  };
  const makeOverdue = (some: Mailbox[]) =>
    sql(
      `UPDATE mailbox_cursors SET next_sync_at = t.at, reconcile_at = t.at
       FROM (SELECT now() - interval '1 hour' AS at) t WHERE mailbox_id = ANY ($1)`,
      [some.map(({ id }) => id)],
    );
  const cursors = (some: Mailbox[]) =>
    sql<CursorRow>('SELECT * FROM mailbox_cursors WHERE mailbox_id = ANY ($1)', [some.map(({ id }) => id)]);

  it('by overdue reconciles leave news its places', async () => {
    const [other, ...overdue] = mailboxes;
    const faults = hang(overdue);
    await makeOverdue(overdue);
    await eventually(() => hanging(faults) >= 8);
    await arrives(other!);
    // The share of reconciles is eight.
    expect(hanging(faults)).toBe(8);
    // One of those that wait is news once a notification comes.
    const waiting = overdue.find((_, index) => faults[index]!.hits === 0);
    app.google.deliver(waiting!.emailAddress, { text: 'x' });
    await eventually(() => hanging(faults) === 9);
    app.google.faults.clear();
    await eventually(async () => (await cursors(overdue)).every((row) => row.next_sync_at > new Date()));
  }, 90_000);

  it('by news leave reconciles their places', async () => {
    const [other, ...busy] = mailboxes;
    const faults = hang(busy);
    for (const { emailAddress } of busy) app.google.deliver(emailAddress, { text: 'x' });
    await eventually(() => hanging(faults) >= 32);
    await makeOverdue([other!]);
    await eventually(async () => (await cursors([other!]))[0]!.next_sync_at > new Date());
    app.google.faults.clear();
    for (const mailbox of busy) await quiet(app, mailbox);
  }, 90_000);

  it.each([
    ['Gmail', HISTORY, () => undefined],
    ['the token endpoint', 'oauth2.token', (address: string) => app.google.killAccessTokens(address)],
  ])(
    'by %s, which leaves their calls unanswered, lend their places to the others',
    async (_who, method, prepare) => {
      const [other, ...busy] = mailboxes;
      const disturb = async () => {
        const faults = busy.map(({ emailAddress }) => {
          prepare(emailAddress);
          return app.google.failNext({ method, account: emailAddress, hang: true, times: 1_000 });
        });
        for (const { emailAddress } of busy) app.google.deliver(emailAddress, { text: 'x' });
        await eventually(() => hanging(faults) >= 32);
        return async () => {
          await eventually(() => hanging(faults) === 45);
          app.google.faults.clear();
        };
      };
      const arrival = async () => {
        const began = performance.now();
        await arrives(other!);
        return performance.now() - began;
      };
      await arrival();
      // All places would be taken for ten seconds at least; each is lent after one.
      expect((await measureIsolation(arrival, disturb, 400)).ratio).toBeLessThan(20);
      for (const mailbox of busy) await quiet(app, mailbox);
    },
    90_000,
  );

  it('by gaps leave news and reconciles their places, and wait in their queue without work', async () => {
    const [other, overdue, ...rest] = mailboxes;
    const gaps = rest.slice(0, 20);
    const lists = gaps.map(({ emailAddress }) =>
      app.google.failNext({
        ...{ method: 'gmail.users.labels.list', account: emailAddress, hang: true, times: 1_000 },
      }),
    );
    app.pushes.chaos = { drop: 1 };
    for (const { emailAddress } of gaps) {
      app.google.deliver(emailAddress, { text: 'x' });
      app.google.expireHistory(emailAddress);
    }
    app.google.requests.clear();
    for (const { id } of gaps) await app.api.post(`/v1/mailboxes/${id}/sync`, undefined, 202);
    await eventually(async () => (await cursors(gaps)).every(({ gap_found_at }) => gap_found_at !== null));
    await eventually(() => hanging(lists) === 16);
    app.pushes.chaos = {};
    await makeOverdue([overdue!]);
    await arrives(other!);
    await eventually(async () => (await cursors([overdue!]))[0]!.next_sync_at > new Date());
    // Those that wait are due and belong to nobody; each was read once, when its gap was found.
    const waiting = (await cursors(gaps)).filter(({ claimed_by }) => claimed_by === null);
    expect(waiting).toHaveLength(4);
    for (const { next_sync_at, attempts } of waiting) {
      expect(next_sync_at <= new Date()).toBe(true);
      expect(attempts).toBe(0);
    }
    expect(app.google.requests.count({ method: HISTORY, status: 404 })).toBe(20 + 16);
    lists.forEach((fault) => fault.release());
    app.google.faults.clear();
    await eventually(async () => (await cursors(gaps)).every(({ gap_found_at }) => gap_found_at === null), {
      timeout: 30_000,
    });
  }, 90_000);

  it('by a lock on its row delay the pushes of no other mailbox, and are asked to come again', async () => {
    const [locked, ...others] = mailboxes;
    const session = app.database.dataSource.createQueryRunner();
    await session.startTransaction();
    try {
      await session.query('SELECT 1 FROM mailbox_cursors WHERE mailbox_id = $1 FOR UPDATE', [locked!.id]);
      const push = ({ emailAddress }: Mailbox) => {
        const historyId = app.google.historyId(emailAddress);
        return sendPush(app, { body: wrapped(JSON.stringify({ emailAddress, historyId })) });
      };
      let isAnswered = false;
      const held = push(locked!).finally(() => (isAnswered = true));
      const answers = await Promise.all(others.map(push));
      expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([204]));
      expect(isAnswered).toBe(false);
      expect((await held).status).toBe(503);
      // The one that comes once the lock is gone is committed at once, also when it waits for it.
      const waiting = push(locked!);
      expect((await push(others[0]!)).status).toBe(204);
      await session.commitTransaction();
      expect((await waiting).status).toBe(204);
    } finally {
      if (session.isTransactionActive) await session.rollbackTransaction();
      await session.release();
    }
  });
});
