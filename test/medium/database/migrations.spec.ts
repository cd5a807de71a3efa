import { DataSource } from 'typeorm';
import { MIGRATIONS } from '../../../src/database/migrations';
import { migrate } from '../../../src/database/migrate';
import { createTestDatabase, type TestDatabase } from '../../support/database/database';
import { createTestApp, type TestApp } from '../../support/test-app';

describe('migrations', () => {
  let database: TestDatabase;
  beforeAll(async () => void (database = await createTestDatabase()));
  afterAll(() => database.drop());

  async function undoAll(): Promise<void> {
    for (let left = MIGRATIONS.length; left > 0; left--) await database.dataSource.undoLastMigration();
  }

  describe('and entities', () => {
    let app: TestApp;
    beforeAll(async () => void (app = await createTestApp()));
    afterAll(() => app?.close());

    it('describe the same tables', async () => {
      // Of the application itself, so that no entity is forgotten here.
      const dataSource = app.service.application.get(DataSource);
      expect(dataSource.entityMetadatas.length).toBeGreaterThan(10);
      const { upQueries } = await dataSource.driver.createSchemaBuilder().log();
      // Checks on values are the migrations' own; entities declare columns, keys and indexes.
      const differences = upQueries
        .map(({ query }) => query)
        .filter((query) => !/DROP CONSTRAINT "\w+_check"$/.test(query));
      expect(differences).toEqual([]);
    });
  });

  it('can be undone and done again', async () => {
    await undoAll();
    const [{ count }] = await database.dataSource.query(
      `SELECT count(*)::int FROM pg_tables WHERE schemaname = 'public' AND tablename <> 'migrations'`,
    );
    expect(count).toBe(0);
    await migrate(database.url);
  });

  it('are run once when replicas start together', async () => {
    await undoAll();
    await Promise.all([1, 2, 3].map(() => migrate(database.url)));
    expect(await database.dataSource.query('SELECT name FROM migrations')).toHaveLength(MIGRATIONS.length);
  });
});
