import { DataSource } from 'typeorm';
import { dataSourceOptions } from '../../../src/database/data-source-options';
import { DATABASE_CHECK } from '../../../src/diagnosis/checks/database.check';
import { createTestDatabase, type TestDatabase } from '../../support/database/database';

describe("doctor's check of the database", () => {
  let database: TestDatabase;
  beforeAll(async () => {
    database = await createTestDatabase();
    await database.dataSource.query('DROP SCHEMA public CASCADE; CREATE SCHEMA public');
  });
  afterAll(() => database.drop());

  const find = async () => {
    const dataSource = await new DataSource({ ...dataSourceOptions(database.url), poolSize: 2 }).initialize();
    return DATABASE_CHECK.run({ database: { dataSource } }).finally(() => dataSource.destroy());
  };

  it('is well with one that is empty', async () => {
    expect(await find()).toMatchObject({ status: 'ok', detail: expect.stringContaining('may be written') });
  });

  it('finds that one is a standby, also while it is empty', async () => {
    // A function of the same name that is found first: the server says what a standby would.
    await database.dataSource.query(`
      CREATE SCHEMA standby;
      CREATE FUNCTION standby.pg_is_in_recovery() RETURNS boolean LANGUAGE sql AS 'SELECT true';
      ALTER DATABASE ${new URL(database.url).pathname.slice(1)} SET search_path = standby, pg_catalog, public`);
    expect(await find()).toMatchObject({
      status: 'failed',
      detail: expect.stringContaining('standby'),
      remedy: expect.stringContaining('takes writes'),
    });
  });
});
