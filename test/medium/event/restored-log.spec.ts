import { Receiver } from '../../fakes/receiver/receiver';
import { createTestDatabase, type TestDatabase } from '../../support/database/database';
import { eventually } from '../../support/eventually';
import { TestReplica, insertMailbox } from '../../support/test-replica';

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
    // The old server had counted a billion transactions; this one begins anew.
    await database.dataSource.query('UPDATE events SET commit_order = commit_order + 1000000000');
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
