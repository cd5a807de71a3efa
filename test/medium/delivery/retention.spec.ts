import { Receiver } from '../../fakes/receiver/receiver';
import { createTestDatabase, type TestDatabase } from '../../support/database/database';
import { eventually } from '../../support/eventually';
import { TestReplica, insertMailbox, type TestMailbox } from '../../support/test-replica';
import { runRetention } from '../../support/event/retention';

describe('a delivery whose event leaves the log', () => {
  let database: TestDatabase;
  let replica: TestReplica;
  let receiver: Receiver;
  let mailbox: TestMailbox;
  beforeAll(async () => {
    database = await createTestDatabase();
    replica = await TestReplica.start(database.url, { EVENT_RETENTION: '30d' });
    receiver = await Receiver.start();
    mailbox = await insertMailbox(database.dataSource);
  });
  afterAll(async () => {
    await replica?.stop();
    await receiver?.stop();
    await database?.drop();
  });

  const deliveries = async () =>
    (await replica.api('GET', '/v1/deliveries')).body.data.map(({ eventType, status }) => [
      eventType,
      status,
    ]);
  /** An event is appended and handed over, so many days pass, and retention does its work. */
  async function daysPass(days: number): Promise<void> {
    const before = receiver.received.length;
    await replica.append(mailbox, 1, 'mailbox.gap');
    await eventually(() => receiver.received.length > before);
    await eventually(async () => (await deliveries()).some(([type]: string[]) => type === 'mailbox.gap'));
    for (const [table, column] of [
      ['events', 'occurred_at'],
      ['deliveries', 'created_at'],
    ])
      await database.dataSource.query(`UPDATE ${table} SET ${column} = ${column} - $1 * interval '1 day'`, [
        days,
      ]);
    await runRetention(replica);
  }

  it('leaves with it when it is settled, and when it was pending stays as dead for as long again', async () => {
    receiver.answer = ({ event }) => (event.type === 'message.deleted' ? 500 : 204);
    await replica.endpoint(receiver.origin, { ordering: 'none' });
    await replica.append(mailbox);
    await eventually(() => receiver.received.length === 1);
    await daysPass(31);
    expect(await deliveries()).toEqual([['message.deleted', 'dead']]);
    await daysPass(28);
    expect(await deliveries()).toEqual([
      ['mailbox.gap', 'delivered'],
      ['message.deleted', 'dead'],
    ]);
    await daysPass(31);
    expect(await deliveries()).toEqual([]);
  });
});
