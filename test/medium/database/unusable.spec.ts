import { isConnectionError } from '../../../src/common/connection-error';
import { DatabaseUnusableError } from '../../../src/database/database-unusable.error';
import { migrate } from '../../../src/database/migrate';
import { createTestDatabase, type TestDatabase } from '../../support/database/database';
import { eventually } from '../../support/eventually';
import { hasPgBouncer, PgBouncer } from '../../support/database/pgbouncer';
import { RefusingPooler } from '../../support/database/refusing-pooler';
import { SELF_SIGNED_CERTIFICATE, TlsProxy } from '../../support/database/tls-proxy';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** What it says of a database on which it cannot work. */
async function refusal(url: string): Promise<string> {
  const error: unknown = await migrate(url).catch((reason: unknown) => reason);
  expect(error).toBeInstanceOf(DatabaseUnusableError);
  return (error as Error).message;
}

describe('a database on which the service cannot work', () => {
  let database: TestDatabase;
  beforeAll(async () => void (database = await createTestDatabase()));
  afterAll(() => database.drop());

  const query = (text: string) => database.dataSource.query<unknown[]>(text);
  const name = () => new URL(database.url).pathname.slice(1);
  const changed = (change: (url: URL) => void) => {
    const url = new URL(database.url);
    change(url);
    return url.href;
  };

  /** With a role of its own, which owns nothing and has the password `plain`. */
  async function withRole(work: (role: string) => Promise<void>): Promise<void> {
    const role = `${name()}_plain`;
    await query(`CREATE ROLE ${role} LOGIN PASSWORD 'plain'`);
    try {
      await work(role);
    } finally {
      await query(`DROP ROLE ${role}`);
    }
  }

  it('has an encoding in which not every mail can be written: it is refused', async () => {
    const ascii = `${name()}_ascii`;
    await query(`CREATE DATABASE ${ascii} ENCODING 'SQL_ASCII' LOCALE 'C' TEMPLATE template0`);
    try {
      expect(await refusal(changed((url) => (url.pathname = ascii)))).toMatch(/SQL_ASCII.*ENCODING 'UTF8'/);
    } finally {
      await query(`DROP DATABASE ${ascii} WITH (FORCE)`);
    }
  });

  it('is older than PostgreSQL 15: it is refused', async () => {
    const older = await createTestDatabase();
    const alter = `ALTER DATABASE ${new URL(older.url).pathname.slice(1)}`;
    try {
      // A function of the same name that is found first: the server says what an old one would.
      await older.dataSource.query(`
        CREATE SCHEMA old;
        CREATE FUNCTION old.current_setting(name text) RETURNS text LANGUAGE sql AS
          $$ SELECT CASE name WHEN 'server_version_num' THEN '140012' ELSE pg_catalog.current_setting(name) END $$;
        ${alter} SET search_path = old, pg_catalog, public`);
      expect(await refusal(older.url)).toBe(
        'This is PostgreSQL 14, and Inboxwire needs 15 or newer. Upgrade it, or name another in DATABASE_URL.',
      );
    } finally {
      await older.drop();
    }
  });

  it('takes no writes by its settings: it is refused', async () => {
    await query(`ALTER DATABASE ${name()} SET default_transaction_read_only = on`);
    expect(await refusal(database.url)).toMatch(/default_transaction_read_only is on/);
    // This connection is from before.
    await query(`ALTER DATABASE ${name()} RESET default_transaction_read_only`);
  });

  it('lets its user make no tables: it is refused', async () => {
    await query('DELETE FROM migrations');
    await withRole(async (username) => {
      const url = changed((url) => Object.assign(url, { username, password: 'plain' }));
      expect(await refusal(url)).toMatch(/lacks a permission. Make it the owner/);
    });
  });

  it.each([
    ['an unknown setting', '-c nonsense=5', 'unrecognized configuration parameter "nonsense"'],
    ['a value that cannot be', '-c work_mem=much', 'invalid value for parameter "work_mem": "much"'],
    ['a setting of the whole server', '-c max_connections=5', 'cannot be changed'],
    ['a role that is not there', '-c role=nobody', 'nobody'],
    ['what is no setting', 'nonsense', 'invalid command-line argument'],
  ])('asks for %s in its options: it is refused', async (_, options, why) => {
    const url = `${database.url}?options=${encodeURIComponent(options)}`;
    expect(await refusal(url)).toMatch(/refuses a setting of a session.*options of DATABASE_URL/);
    await expect(migrate(url)).rejects.toMatchObject({ cause: { message: expect.stringContaining(why) } });
  });

  it.each(['options of DATABASE_URL', 'database'])(
    'has a search_path that leads nowhere, by its %s: it is refused',
    async (where) => {
      const ofDatabase = where === 'database';
      if (ofDatabase) await query(`ALTER DATABASE ${name()} SET search_path = nowhere`);
      const url = ofDatabase ? database.url : `${database.url}?options=-c%20search_path%3Dnowhere`;
      expect(await refusal(url)).toMatch(/search_path.*DATABASE_URL.*no schema that is there/);
      if (ofDatabase) await query(`ALTER DATABASE ${name()} RESET search_path`);
    },
  );

  it.each([
    [
      'asks for another password',
      (url: URL) => (url.password = 'wrong'),
      /user or the password.*DATABASE_URL/,
    ],
    ['is not there', (url: URL) => (url.pathname = '/nothing'), /no such database.*DATABASE_URL/],
  ])('%s: it is refused', async (_, change, remedy) => {
    expect(await refusal(changed(change))).toMatch(remedy);
  });

  it.each([
    ['a user', 'Tenant or user not found', /no such project or user. Copy host and user/],
    [
      'a project',
      '(ENOTFOUND) tenant/user postgres.x not found',
      /no such project or user. Copy host and user/,
    ],
    [
      'connections without TLS',
      'connection is insecure (try using `sslmode=require`)',
      /Add sslmode=require/,
    ],
  ])('is behind a hosted pooler that refuses %s: it is refused', async (_, sentence, remedy) => {
    const pooler = await RefusingPooler.start('XX000', sentence);
    expect(await refusal(pooler.url)).toMatch(remedy);
    await pooler.stop();
  });

  it('is behind a hosted pooler that has no room now: it is waited for', async () => {
    const pooler = await RefusingPooler.start('XX000', 'max clients reached in session mode');
    const error: unknown = await migrate(pooler.url).catch((reason: unknown) => reason);
    expect(error).not.toBeInstanceOf(DatabaseUnusableError);
    expect(isConnectionError(error)).toBe(true);
    await pooler.stop();
  });

  it('asks for a password that DATABASE_URL does not have', async () => {
    // Of a role whose password PostgreSQL keeps as it does by default.
    await withRole(async (username) => {
      const url = changed((url) => Object.assign(url, { username, password: '' }));
      expect(await refusal(url)).toMatch(/asks for a password. Add it to DATABASE_URL/);
      // It hangs up, and leaves no session behind that waits for a password.
      const starting = () => query("SELECT 1 FROM pg_stat_activity WHERE state = 'starting'");
      await eventually(starting, { until: ({ length }) => length === 0, timeout: 5_000 });
    });
  });

  describe('behind TLS with a self-signed certificate', () => {
    let proxy: TlsProxy;
    let directory: string;
    let certificate: string;
    let healthy: TestDatabase;
    beforeAll(async () => {
      healthy = await createTestDatabase();
      proxy = await TlsProxy.to('127.0.0.1', Number(new URL(healthy.url).port));
      directory = await mkdtemp(join(tmpdir(), 'inboxwire-tls-'));
      certificate = join(directory, 'ca.pem');
      await writeFile(certificate, SELF_SIGNED_CERTIFICATE);
    });
    afterAll(async () => {
      await proxy.close();
      await healthy.drop();
      await rm(directory, { recursive: true });
    });

    const over = (query: string, host = '127.0.0.1') => {
      const url = new URL(healthy.url);
      url.host = `${host}:${proxy.port}`;
      return `${url.href}?${query}`;
    };

    it('is used with sslmode=require, as libpq does, and without a warning', async () => {
      const warnings: Error[] = [];
      const hear = (warning: Error) => void warnings.push(warning);
      process.on('warning', hear);
      await migrate(over('sslmode=require'));
      process.off('warning', hear);
      expect(warnings).toEqual([]);
    });

    it('is used with verify-full and verify-ca when the certificate is given', async () => {
      await migrate(over(`sslmode=verify-full&sslrootcert=${certificate}`, 'localhost'));
      await migrate(over(`sslmode=verify-ca&sslrootcert=${certificate}`));
    });

    it.each(['sslmode=verify-full', 'ssl=true'])(
      'is refused with %s, and the ways out are named',
      async (query) => {
        expect(await refusal(over(query))).toMatch(
          /In DATABASE_URL, name the authority.*sslrootcert.*sslmode=require/,
        );
      },
    );

    it('is refused when its certificate is for another host', async () => {
      const query = `sslmode=verify-full&sslrootcert=${certificate}`;
      expect(await refusal(over(query))).toMatch(/the host that it is for/);
    });

    it('speaks no TLS where it is asked for: that is refused', async () => {
      expect(await refusal(`${healthy.url}?sslmode=require`)).toMatch(/speaks no TLS.*sslmode=disable/);
    });
  });

  (hasPgBouncer ? describe : describe.skip)('behind a PgBouncer (skipped where none is installed)', () => {
    let healthy: TestDatabase;
    let pooler: PgBouncer | undefined;
    beforeAll(async () => void (healthy = await createTestDatabase()));
    afterEach(() => pooler?.stop());
    afterAll(() => healthy.drop());

    it('in session mode, with its defaults, is used', async () => {
      pooler = await PgBouncer.start(healthy.url);
      await migrate(pooler.url);
    });

    it.each(['transaction', 'statement'])('in %s mode is refused', async (mode) => {
      pooler = await PgBouncer.start(healthy.url, `pool_mode = ${mode}`);
      expect(await refusal(pooler.url)).toMatch(/pool_mode = session/);
    });

    it('that refuses a parameter of DATABASE_URL, a password or a database is distinguished from one that is away', async () => {
      pooler = await PgBouncer.start(healthy.url);
      const { url } = pooler;
      const refused = await migrate(`${url}?options=-c%20geqo%3Doff`).catch((reason: unknown) => reason);
      expect(refused).toMatchObject({
        message: expect.stringMatching(/ignore_startup_parameters/),
        cause: { message: 'unsupported startup parameter: options' },
      });
      expect(await refusal(url.replace(/:[^:@]+@/, ':wrong@'))).toMatch(/user or the password/);
      expect(await refusal(url.replace(/[^/]*$/, 'nothing'))).toMatch(/no such database/);
    });
  });
});
