import { DataSource } from 'typeorm';
import { dataSourceOptions } from '../../../src/database/data-source-options';
import { prepared } from '../../../src/database/prepared';
import { sql } from '../../../src/database/sql';
import { createTestDatabase, type TestDatabase } from '../../support/database/database';

const STATEMENT = prepared('SELECT * FROM prepared_here WHERE n = $1');

describe('a prepared statement', () => {
  let database: TestDatabase;
  let dataSource: DataSource;
  beforeAll(async () => {
    database = await createTestDatabase();
    dataSource = await new DataSource({ ...dataSourceOptions(database.url), poolSize: 1 }).initialize();
    await sql(dataSource, 'CREATE TABLE prepared_here AS SELECT 1 AS n');
  });
  afterAll(async () => {
    await dataSource?.destroy();
    await database?.drop();
  });

  it('is parsed once for each connection, under one name', async () => {
    for (let time = 0; time < 3; time++) expect(await sql(dataSource, STATEMENT, [1])).toEqual([{ n: 1 }]);
    const names = await sql(
      dataSource,
      `SELECT FROM pg_prepared_statements WHERE statement = '${STATEMENT}'`,
    );
    expect(names).toHaveLength(1);
  });

  it.each([
    ['a migration has changed what it returns', 'ALTER TABLE prepared_here ADD COLUMN more int'],
    ['a pooler has given the connection to others', 'DEALLOCATE ALL'],
  ])(
    'fails once on a connection that is of no more use for it, and runs on the next: %s',
    async (_why, text) => {
      await sql(dataSource, STATEMENT, [1]);
      await sql(dataSource, text);
      await expect(sql(dataSource, STATEMENT, [1])).rejects.toThrow(/cached plan|does not exist/);
      expect(await sql(dataSource, STATEMENT, [1])).toHaveLength(1);
    },
  );
});
