import { DataSource } from 'typeorm';
import { MIGRATIONS } from '../../../src/database/migrations';
import { migrate } from '../../../src/database/migrate';
import { createTestDatabase, type TestDatabase } from '../../support/database/database';
import { createTestApp, type TestApp } from '../../support/test-app';

/** TypeORM reads the schema with several queries on one connection at once, of which `pg` warns. */
function oneQueryAtATime(dataSource: DataSource): void {
  const createQueryRunner = dataSource.createQueryRunner.bind(dataSource);
  dataSource.createQueryRunner = (mode) => {
    const runner = createQueryRunner(mode);
    const query = runner.query.bind(runner) as (...parameters: unknown[]) => Promise<unknown>;
    let last: Promise<unknown> = Promise.resolve();
    runner.query = <T>(...parameters: unknown[]) => {
      last = last.catch(() => undefined).then(() => query(...parameters));
      return last as Promise<T>;
    };
    return runner;
  };
}

describe('migrations', () => {
  let database: TestDatabase;
  beforeAll(async () => void (database = await createTestDatabase()));
  afterAll(() => database.drop());

  async function undoAll(): Promise<void> {
    for (let left = MIGRATIONS.length; left > 0; left--) await database.dataSource.undoLastMigration();
  }

  /** Tables with their columns, indexes, constraints and functions, all but the list of migrations. */
  async function schema(): Promise<string[]> {
    const rows = await database.dataSource.query<{ line: string }[]>(
      `SELECT concat_ws(' ', attrelid::regclass, attname, format_type(atttypid, atttypmod), attnotnull) AS line
       FROM pg_attribute JOIN pg_class c ON c.oid = attrelid
       WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace AND attnum > 0 AND attrelid <> 'migrations'::regclass
       UNION ALL SELECT indexdef FROM pg_indexes WHERE schemaname = 'public' AND tablename <> 'migrations'
       UNION ALL SELECT concat_ws(' ', conrelid::regclass, conname, pg_get_constraintdef(oid)) FROM pg_constraint
       WHERE connamespace = 'public'::regnamespace AND conrelid <> 'migrations'::regclass
       UNION ALL SELECT proname FROM pg_proc WHERE pronamespace = 'public'::regnamespace
       ORDER BY 1`,
    );
    return rows.map(({ line }) => line);
  }

  describe('and entities', () => {
    let app: TestApp;
    beforeAll(async () => void (app = await createTestApp()));
    afterAll(() => app?.close());

    it('describe the same tables', async () => {
      // Of the application itself, so that no entity is forgotten here.
      const dataSource = app.service.application.get(DataSource);
      expect(dataSource.entityMetadatas.length).toBeGreaterThan(10);
      oneQueryAtATime(dataSource);
      const { upQueries } = await dataSource.driver.createSchemaBuilder().log();
      // Checks on values are the migrations' own; entities declare columns, keys and indexes.
      const differences = upQueries
        .map(({ query }) => query)
        .filter((query) => !/DROP CONSTRAINT "\w+_check"$/.test(query));
      expect(differences).toEqual([]);
    });
  });

  it('can be undone and done again', async () => {
    const before = await schema();
    expect(before.length).toBeGreaterThan(20);
    await undoAll();
    expect(await schema()).toEqual([]);
    await migrate(database.url);
    expect(await schema()).toEqual(before);
  });

  it('are run once when replicas start together', async () => {
    await undoAll();
    await Promise.all([1, 2, 3].map(() => migrate(database.url)));
    expect(await database.dataSource.query('SELECT name FROM migrations')).toHaveLength(MIGRATIONS.length);
  });
});
