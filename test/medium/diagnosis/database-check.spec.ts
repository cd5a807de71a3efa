import { DataSource } from 'typeorm';
import { dataSourceOptions } from '../../../src/database/data-source-options';
import { DATABASE_CHECK, MIGRATIONS_CHECK } from '../../../src/diagnosis/checks/database.check';
import { createTestDatabase, type TestDatabase } from '../../support/database/database';
import { hasPgBouncer, PgBouncer } from '../../support/database/pgbouncer';

const NEWER = 'ContractDropOldColumns1999999999000';

describe("doctor's check of the database", () => {
  let database: TestDatabase;
  beforeEach(async () => void (database = await createTestDatabase()));
  afterEach(() => database.drop());

  const query = (text: string) => database.dataSource.query<unknown[]>(text);
  const name = () => new URL(database.url).pathname.slice(1);
  const find = async (check = DATABASE_CHECK, url = database.url) => {
    const dataSource = await new DataSource({ ...dataSourceOptions(url), poolSize: 2 }).initialize();
    return check.run({ database: { dataSource } }).finally(() => dataSource.destroy());
  };
  const empty = () => query('DROP SCHEMA public CASCADE; CREATE SCHEMA public');

  it('finds nothing where all is well', async () => {
    const all = { status: 'ok', remedy: null };
    expect([await find(), await find(MIGRATIONS_CHECK)]).toMatchObject([all, all]);
  });

  it('is well with one that is empty', async () => {
    await empty();
    expect(await find()).toMatchObject({ status: 'ok', detail: expect.stringContaining('may be written') });
    expect(await find(MIGRATIONS_CHECK)).toMatchObject({
      status: 'warning',
      detail: expect.stringContaining('Not run yet'),
    });
  });

  it('finds that one is a standby, also while it is empty', async () => {
    await empty();
    // A function of the same name that is found first: the server says what a standby would.
    await query(`
      CREATE SCHEMA standby;
      CREATE FUNCTION standby.pg_is_in_recovery() RETURNS boolean LANGUAGE sql AS 'SELECT true';
      ALTER DATABASE ${name()} SET search_path = standby, pg_catalog, public`);
    expect(await find()).toMatchObject({
      status: 'failed',
      detail: expect.stringContaining('standby'),
      remedy: expect.stringContaining('takes writes'),
    });
  });

  it('finds that the server is too old', async () => {
    // As above: it says what an old one would.
    await query(`
      CREATE SCHEMA old;
      CREATE FUNCTION old.current_setting(name text) RETURNS text LANGUAGE sql AS
        $$ SELECT CASE name WHEN 'server_version_num' THEN '140012' ELSE pg_catalog.current_setting(name) END $$;
      ALTER DATABASE ${name()} SET search_path = old, pg_catalog, public`);
    expect(await find()).toMatchObject({
      status: 'failed',
      detail: expect.stringContaining('This is PostgreSQL 14, and Inboxwire needs 15 or newer'),
      remedy: expect.any(String),
    });
  });

  it('finds that the user lacks privileges: on the tables, and to make them', async () => {
    const role = `${name()}_plain`;
    await query(`CREATE ROLE ${role} LOGIN PASSWORD 'plain'`);
    const url = Object.assign(new URL(database.url), { username: role, password: 'plain' }).href;
    const remedy = expect.stringContaining('the owner of the database');
    try {
      await query(`GRANT SELECT ON ALL TABLES IN SCHEMA public TO ${role}`);
      expect(await find(DATABASE_CHECK, url)).toMatchObject({
        status: 'failed',
        detail: expect.stringMatching(/may not write .*\bevents\b/),
        remedy,
      });
      await empty();
      await query(`GRANT USAGE ON SCHEMA public TO ${role}`);
      expect(await find(DATABASE_CHECK, url)).toMatchObject({
        status: 'failed',
        detail: expect.stringContaining('may not make tables'),
        remedy,
      });
    } finally {
      await query(`DROP OWNED BY ${role}; DROP ROLE ${role}`);
    }
  });

  it('finds that migrations are missing, that a newer version has left this one behind, or that tables are of another', async () => {
    await query(`INSERT INTO migrations (timestamp, name) VALUES (1999999999000, '${NEWER}')`);
    expect(await find(MIGRATIONS_CHECK)).toMatchObject({
      status: 'failed',
      detail: expect.stringContaining(NEWER),
      remedy: expect.stringContaining('Start the newer version'),
    });
    await query(`DELETE FROM migrations WHERE name <> '${NEWER}'`);
    expect(await find(MIGRATIONS_CHECK)).toMatchObject({
      status: 'failed',
      detail: expect.stringContaining('Another program or version'),
      remedy: expect.stringContaining('Name an empty database'),
    });
    await query('DELETE FROM migrations');
    expect(await find(MIGRATIONS_CHECK)).toMatchObject({
      status: 'warning',
      detail: expect.stringContaining('Not run yet'),
      remedy: expect.stringContaining('Start the service'),
    });
  });

  (hasPgBouncer ? it : it.skip)(
    'finds a pooler in a mode that does not work (skipped where no PgBouncer is installed)',
    async () => {
      for (const [mode, status] of [
        ['session', 'ok'],
        ['transaction', 'failed'],
      ]) {
        const pooler = await PgBouncer.start(database.url, `pool_mode = ${mode}`);
        const found = await find(DATABASE_CHECK, pooler.url).finally(() => pooler.stop());
        expect([mode, found.status]).toEqual([mode, status]);
        if (status === 'failed') expect(found.detail).toContain('Set pool_mode = session');
      }
    },
  );
});
