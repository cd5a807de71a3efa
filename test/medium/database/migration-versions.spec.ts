import type { MigrationInterface, QueryRunner } from 'typeorm';
import { isConnectionError } from '../../../src/common/connection-error';
import { DatabaseUnusableError } from '../../../src/database/database-unusable.error';
import { migrate } from '../../../src/database/migrate';
import { MIGRATION_LOCK } from '../../../src/database/migration.store';
import { MIGRATIONS } from '../../../src/database/migrations';
import { BASELINE_TIMESTAMP } from '../../../src/database/migrations/1790000100000-baseline';
import { createTestDatabase, type TestDatabase } from '../../support/database/database';
import { eventually } from '../../support/eventually';

/** Migrations of a version after this one, as far as this test goes. */
class AddShelf1999999999000 {
  readonly name = 'AddShelf1999999999000';
  up = (runner: QueryRunner): Promise<void> => runner.query('CREATE TABLE shelf (id int)');
  down = (runner: QueryRunner): Promise<void> => runner.query('DROP TABLE shelf');
}
class AddBroken1999999999001 {
  readonly name = 'AddBroken1999999999001';
  up = (runner: QueryRunner): Promise<void> => runner.query('ALTER TABLE nowhere ADD COLUMN id int');
  down = (): Promise<void> => Promise.resolve();
}
class AddColour1999999999002 {
  readonly name = 'AddColour1999999999002';
  up = (runner: QueryRunner): Promise<void> => runner.query('ALTER TABLE mailboxes ADD COLUMN colour text');
  down = (): Promise<void> => Promise.resolve();
}

describe('migrations and versions', () => {
  const all: (new () => MigrationInterface)[] = MIGRATIONS;
  const ours = [...all];
  let database: TestDatabase;
  beforeEach(async () => {
    // TypeORM itself names the migration that failed, on the console.
    jest.spyOn(console, 'log').mockReturnValue();
    database = await createTestDatabase();
  });
  afterEach(async () => {
    jest.restoreAllMocks();
    all.splice(0, Infinity, ...ours);
    await database.drop();
  });

  const query = <Row>(text: string) => database.dataSource.query<Row[]>(text);
  const names = async () =>
    (await query<{ name: string }>('SELECT name FROM migrations')).map(({ name }) => name);
  const has = async (table: string) =>
    (await query<{ found: string | null }>(`SELECT to_regclass('${table}') AS found`))[0]!.found !== null;
  const pretend = (name: string) =>
    query(`INSERT INTO migrations (timestamp, name) VALUES (${name.slice(-13)}, '${name}')`);

  it('goes on with a database to which a newer version has only added, and says so', async () => {
    await pretend('AddShelf1999999999000');
    const warnings: string[] = [];
    await migrate(database.url, { warn: (sentence) => warnings.push(sentence) });
    expect(warnings).toEqual([expect.stringContaining('AddShelf1999999999000')]);
  });

  it('refuses a database from which a newer version has taken away, and names the remedy', async () => {
    await pretend('ContractShelf1999999999000');
    const refused = migrate(database.url);
    await expect(refused).rejects.toThrow(DatabaseUnusableError);
    await expect(refused).rejects.toThrow(/ContractShelf1999999999000.*Start the newer version/);
  });

  it.each([
    ['a migration from before the first release', 'FirstTables1790000000000'],
    ['a baseline with other tables', `Baseline_0badbeef_${BASELINE_TIMESTAMP}`],
    ["another program's migrations, however new", 'AddShelf1999999999000'],
  ])('refuses a database with %s, names the remedy, and leaves it as it is', async (_, name) => {
    await query('DELETE FROM migrations');
    await pretend(name);
    const refused = migrate(database.url);
    await expect(refused).rejects.toThrow(DatabaseUnusableError);
    await expect(refused).rejects.toThrow(new RegExp(`${name}.*an empty database in DATABASE_URL`));
    expect(await names()).toEqual([name]);
  });

  it("refuses a database with another program's table of migrations, or its tables, and leaves it as it is", async () => {
    await query('DELETE FROM migrations');
    await expect(migrate(database.url)).rejects.toMatchObject({
      code: 'database_unusable',
      message: expect.stringMatching(/tables already that Inboxwire has not made.*an empty database/),
    });
    await query('DROP TABLE migrations');
    await query('CREATE TABLE migrations (id serial, migration text, batch int)');
    await expect(migrate(database.url)).rejects.toMatchObject({
      code: 'database_unusable',
      message: expect.stringMatching(/Another program has made the table "migrations".*an empty database/),
    });
  });

  it('leaves the database as it was when one of several fails, and says that', async () => {
    all.push(AddShelf1999999999000, AddBroken1999999999001);
    const before = await names();
    await expect(migrate(database.url)).rejects.toMatchObject({
      code: 'migration_failed',
      message: expect.stringContaining('the database is as it was'),
      cause: expect.objectContaining({ message: expect.stringContaining('"nowhere" does not exist') }),
    });
    expect(await has('shelf')).toBe(false);
    expect(await names()).toEqual(before);
    all.pop();
    await migrate(database.url);
    expect(await has('shelf')).toBe(true);
  });

  it('waits for the replica that migrates, says so, and can be asked to end', async () => {
    const holder = database.dataSource.createQueryRunner();
    await holder.query('SELECT pg_advisory_lock($1)', [MIGRATION_LOCK]);
    const warnings: string[] = [];
    const options = { warn: (sentence: string) => warnings.push(sentence) };
    const ending = new AbortController();
    const ended = migrate(database.url, { ...options, signal: ending.signal });
    const waiting = migrate(database.url, options);
    await eventually(() => warnings.length === 2);
    expect(warnings[0]).toContain('another replica');
    ending.abort();
    await expect(ended).rejects.toMatchObject({ name: 'AbortError' });
    await holder.query('SELECT pg_advisory_unlock($1)', [MIGRATION_LOCK]);
    await holder.release();
    await waiting;
  });

  it('does not block others while it waits for a table: it gives up and is tried again', async () => {
    all.push(AddColour1999999999002);
    const holder = database.dataSource.createQueryRunner();
    await holder.startTransaction();
    await holder.query('SELECT 1 FROM mailboxes');
    const error: unknown = await migrate(database.url).catch((reason: unknown) => reason);
    expect(isConnectionError(error)).toBe(true);
    await holder.commitTransaction();
    await holder.release();
    await migrate(database.url);
    expect(await names()).toContain('AddColour1999999999002');
  });
});
