import { setTimeout as delay } from 'node:timers/promises';
import { Receiver } from '../../fakes/receiver/receiver';
import type { Mailbox } from '../../support/api-types';
import { eventually } from '../../support/eventually';
import { logOf, messageEvents, quiet } from '../../support/event/mailbox-log';
import { logLines } from '../../support/observability/log-lines';
import { reportedChanges, truthOf } from '../../support/sync/truth';
import { createTestApp, type TestApp } from '../../support/test-app';

const ADDRESSES = ['ada@example.com', 'grace@example.com', 'joan@example.com'];
const FAIL_OVERS = 5;

describe('a fail-over of the database', () => {
  let app: TestApp;
  let receiver: Receiver;
  const mailboxes: Mailbox[] = [];
  beforeAll(async () => {
    app = await createTestApp();
    receiver = await Receiver.start();
    await app.api.post('/v1/endpoints', { url: receiver.origin }, 201);
    for (const address of ADDRESSES) mailboxes.push(await app.connect(address, { labelIds: [] }));
    for (const mailbox of mailboxes) await quiet(app, mailbox);
  });
  afterAll(async () => {
    await app?.close();
    await receiver?.stop();
  });

  const resetConnections = () =>
    app.database.dataSource.query(
      `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
       WHERE datname = current_database() AND application_name LIKE 'inboxwire%' AND pid <> pg_backend_pid()`,
    );

  it('loses and duplicates nothing of the pushes, syncs and deliveries that are under way', async () => {
    let over = false;
    const traffic = (async () => {
      for (let n = 0; !over; n++) {
        const { id } = app.google.deliver(ADDRESSES[n % 3]!);
        if (n % 2) app.google.modify(ADDRESSES[n % 3]!, id, { removeLabelIds: ['UNREAD'] });
        await delay(5);
      }
    })();
    for (let n = 0; n < FAIL_OVERS; n++) {
      const { length } = receiver.received;
      // In the middle of it, and not before it has resumed after the one before.
      await eventually(() => receiver.received.length > length + 10, { timeout: 20_000 });
      await resetConnections();
    }
    over = true;
    await traffic;
    await app.google.pushesSettled();
    for (const mailbox of mailboxes) {
      const log = await logOf(app, mailbox);
      expect(reportedChanges(messageEvents(log))).toEqual(truthOf(app, mailbox.emailAddress));
      const delivered = () => [...new Set(receiver.sequences(mailbox.id))];
      await eventually(delivered, { timeout: 30_000, until: (seen) => seen.length === log.length });
      // At least once and in order: an event may come again, but none before the one that precedes it.
      expect(delivered()).toEqual(log.map(({ sequence }) => sequence));
    }
  }, 90_000);

  it('leaves no error in the log, and one line for all the pushes that were answered 503', () => {
    const lines = logLines(app.logs);
    expect(lines.filter(({ level }) => level >= 50)).toEqual([]);
    expect(lines.filter(({ msg }) => msg === 'requests are answered 503 for now').length).toBeLessThanOrEqual(
      1,
    );
  });
});
