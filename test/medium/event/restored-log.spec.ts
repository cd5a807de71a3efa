import { createTestDatabase, type TestDatabase } from '../../support/database/database';
import { TestReplica, insertMailbox } from '../../support/test-replica';

describe('a log that was restored from a dump', () => {
  let database: TestDatabase;
  let gateway: TestReplica | undefined;
  beforeAll(async () => void (database = await createTestDatabase()));
  afterAll(async () => {
    await gateway?.stop();
    await database.drop();
  });

  it('shows what is appended after what was restored, whose transactions had larger ids', async () => {
    const mailbox = await insertMailbox(database.dataSource);
    gateway = await TestReplica.start(database.url);
    await gateway.append(mailbox, 2);
    await gateway.stop();
    // The old server had counted a billion transactions; this one begins anew.
    await database.dataSource.query('UPDATE events SET commit_order = commit_order + 1000000000');
    gateway = await TestReplica.start(database.url);
    await gateway.append(mailbox, 2);
    const sequences = async (query = '') => {
      const { body } = await gateway!.api('GET', `/v1/events${query}`);
      return { seen: body.data.map(({ sequence }: any) => sequence), nextCursor: body.nextCursor };
    };
    expect((await sequences()).seen).toEqual([1, 2, 3, 4]);
    const { nextCursor } = await sequences('?limit=2');
    expect((await sequences(`?after=${nextCursor}`)).seen).toEqual([3, 4]);
  });
});
