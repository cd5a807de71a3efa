import { setTimeout as delay } from 'node:timers/promises';
import { Receiver } from '../../fakes/receiver/receiver';
import { createTestDatabase, type TestDatabase } from '../../support/database/database';
import { eventually } from '../../support/eventually';
import { median } from '../../support/percentile';
import { insertMailbox, type TestMailbox, TestReplica } from '../../support/test-replica';

const MAILBOXES = 200;
const EVENTS = 40;
/** 20 a second. */
const INTERVAL_MS = 50;

/** Hundreds of appends, one after the other: a busy machine takes its time. The ratio does not depend on it. */
jest.setTimeout(180_000);

describe.each([
  ['mailbox', 5],
  ['none', 5],
] as const)(
  'beside endpoints that hang, with ordering %s, %i of them, one that is well',
  (ordering, count) => {
    let database: TestDatabase;
    let replica: TestReplica;
    let well: Receiver;
    let hanging: Receiver;
    let mailboxes: TestMailbox[];

    beforeAll(async () => {
      database = await createTestDatabase();
      replica = await TestReplica.start(database.url, { DELIVERY_RETRY_DELAYS: '1s,1s' });
      [well, hanging] = await Promise.all([Receiver.start(), Receiver.start()]);
      hanging.answer = () => Promise.resolve('nothing');
      mailboxes = [];
      for (let n = 0; n < MAILBOXES; n++) mailboxes.push(await insertMailbox(database.dataSource));
    });
    afterAll(async () => {
      await Promise.all([well.stop(), hanging.stop()]);
      await replica.stop();
      await database.drop();
    });

    /** Appends events to one mailbox after the other, and gives the median of what they took to the one that is well. */
    async function medianLatency(): Promise<number> {
      well.received.length = 0;
      const appended = new Map<string, number>();
      for (let n = 0; n < EVENTS; n++) {
        const mailbox = mailboxes[n % MAILBOXES]!;
        appended.set(mailbox.id, Date.now());
        await replica.append(mailbox);
        await delay(INTERVAL_MS);
      }
      await eventually(() => well.received.length, { until: (received) => received >= EVENTS });
      const latencies = well.received.map(({ event, at }) => at - appended.get(event.mailbox.id)!);
      return median(latencies);
    }

    it('gets its events as if it were alone', async () => {
      await replica.endpoint(well.origin);
      await medianLatency();
      const control = await medianLatency();
      for (let n = 0; n < count; n++) await replica.endpoint(`${hanging.origin}/${n}`, { ordering });
      // Enough for every endpoint that hangs to take all that it can get.
      for (const mailbox of mailboxes) await replica.append(mailbox);
      await eventually(() => hanging.received.length, { until: (received) => received >= 4 * count });
      await eventually(() => well.received.length, { until: (received) => received >= EVENTS + MAILBOXES });
      const beside = await medianLatency();
      // Milliseconds below ten say more of this machine than of the deliveries.
      expect(beside / Math.max(control, 10)).toBeLessThan(5);
    });
  },
);
