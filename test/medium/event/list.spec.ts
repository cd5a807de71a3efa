import type { QueryRunner } from 'typeorm';
import { createTestDatabase, type TestDatabase } from '../../support/database/database';
import { TestReplica, insertMailbox, type TestMailbox } from '../../support/test-replica';

describe('the list of events, while an older transaction hides the newest', () => {
  let database: TestDatabase;
  let replica: TestReplica;
  let mailbox: TestMailbox;
  let older: QueryRunner;
  beforeAll(async () => {
    database = await createTestDatabase();
    replica = await TestReplica.start(database.url);
    mailbox = await insertMailbox(database.dataSource);
    await replica.append(mailbox);
  });
  beforeEach(async () => {
    older = database.dataSource.createQueryRunner();
    await older.startTransaction();
    await older.query('SELECT pg_current_xact_id()');
  });
  afterEach(async () => {
    if (older.isTransactionActive) await older.rollbackTransaction();
    await older.release();
  });
  afterAll(async () => {
    await replica?.stop();
    await database?.drop();
  });

  const list = async (limit = 500) =>
    (await replica.api('GET', `/v1/events?limit=${limit}`)).body.data.map(({ sequence }) => sequence);

  it('shows what was committed before it was asked for as soon as it may', async () => {
    await replica.append(mailbox);
    const ended = older.query('SELECT pg_sleep(0.3); ROLLBACK');
    expect(await list()).toEqual([1, 2]);
    await ended;
  });

  it('makes nobody wait for a page that is full', async () => {
    await replica.append(mailbox);
    const asked = [list().then(() => 'what there is'), list(2).then(() => 'a full page')];
    expect(await Promise.race(asked)).toBe('a full page');
    await Promise.all(asked);
  });

  it('waits for a second and not for ever, and shows nothing that others can still precede', async () => {
    await replica.append(mailbox);
    const since = performance.now();
    expect(await list()).toEqual([1, 2, 3]);
    expect(performance.now() - since).toBeGreaterThan(900);
    await older.rollbackTransaction();
    expect(await list()).toEqual([1, 2, 3, 4]);
  });
});
