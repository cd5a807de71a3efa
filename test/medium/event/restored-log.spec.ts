import { createTestDatabase, type TestDatabase } from '../../support/database/database';
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
});
