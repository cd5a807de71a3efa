import { setTimeout as delay } from 'node:timers/promises';
import { Client } from 'pg';
import { createTestDatabase, type TestDatabase } from '../../support/database/database';
import { StatementProxy } from '../../support/database/statement-proxy';
import { eventually } from '../../support/eventually';
import { StreamClient } from '../../support/event/stream-client';
import { API_KEY, insertMailbox, type TestMailbox, TestReplica } from '../../support/test-replica';

const MAILBOXES = 20;
const APPENDS = 10;
const NOTIFY = /pg_notify|NOTIFY/;

describe('wake-ups', () => {
  let database: TestDatabase;
  let proxy: StatementProxy;
  let replica: TestReplica;
  let other: TestReplica;
  let mailboxes: TestMailbox[];
  let listener: Client;
  let heard: number;
  beforeAll(async () => {
    database = await createTestDatabase();
    proxy = await StatementProxy.to(database.url);
    const url = new URL(database.url);
    url.host = `127.0.0.1:${proxy.port}`;
    [replica, other] = await Promise.all([TestReplica.start(url.href), TestReplica.start(database.url)]);
    mailboxes = await Promise.all(
      Array.from({ length: MAILBOXES }, () => insertMailbox(database.dataSource)),
    );
    listener = new Client({ connectionString: database.url });
    await listener.connect();
    await listener.query('LISTEN inboxwire_events');
    listener.on('notification', () => heard++);
  });
  beforeEach(() => void (heard = 0));
  afterAll(async () => {
    await listener?.end();
    await Promise.all([replica?.stop(), other?.stop()]);
    await proxy?.close();
    await database?.drop();
  });

  const appendAll = () =>
    Promise.all(
      mailboxes.map(async (mailbox) => {
        for (let n = 0; n < APPENDS; n++) await replica.append(mailbox);
      }),
    );

  it('are few for many commits, and none is part of one, so that commits need not wait for each other', async () => {
    const follower = await StreamClient.open(other.address, { key: API_KEY });
    const before = proxy.passed.length;
    await appendAll();
    await eventually(() => follower.events, { until: ({ length }) => length === MAILBOXES * APPENDS });
    follower.close();
    expect(heard).toBeGreaterThan(0);
    expect(heard).toBeLessThan((MAILBOXES * APPENDS) / 2);
    const notifying = proxy.passed.slice(before).filter((text) => NOTIFY.test(text));
    expect(notifying.length).toBeGreaterThan(0);
    expect(notifying.length).toBeLessThan((MAILBOXES * APPENDS) / 2);
    // One that writes is a commit by itself.
    expect(notifying.filter((text) => /INSERT|UPDATE|DELETE/.test(text))).toEqual([]);
    const inTransactions = proxy.byConnection.flatMap(withinTransactions);
    expect(inTransactions.length).toBeGreaterThan(0);
    expect(inTransactions.filter((text) => NOTIFY.test(text))).toEqual([]);
  });

  it('come after the last commit, so that nobody waits for a poll', async () => {
    for (let round = 0; round < 5; round++) {
      heard = 0;
      await replica.append(mailboxes[0]!);
      await eventually(() => heard > 0, { timeout: 900 });
    }
  });

  it('are sent to nobody by a replica that is alone, and again as soon as another one has come', async () => {
    await other.stop();
    const sent = async () => {
      const before = heard;
      await replica.append(mailboxes[0]!);
      await delay(50);
      return heard > before;
    };
    // That one has gone is found out within 10 s.
    await eventually(async () => !(await sent()), { timeout: 15_000 });
    other = await TestReplica.start(database.url);
    await eventually(sent, { timeout: 900 });
  }, 30_000);
});

/** Those of a connection's statements that stand between the beginning and the end of a transaction. */
function withinTransactions(statements: string[]): string[] {
  let isOpen = false;
  return statements.filter((text) => {
    if (/^(BEGIN|START TRANSACTION)/i.test(text)) isOpen = true;
    else if (/^(COMMIT|ROLLBACK)/i.test(text)) isOpen = false;
    return isOpen;
  });
}
