import { DataSource } from 'typeorm';
import { ChannelListener } from '../../../src/database/channel-listener.service';
import { dataSourceOptions } from '../../../src/database/data-source-options';
import { createTestDatabase, type TestDatabase } from '../../support/database/database';

describe('a database or a user that', () => {
  let database: TestDatabase;
  beforeAll(async () => void (database = await createTestDatabase()));
  afterAll(() => database.drop());

  const query = (text: string) => database.dataSource.query<unknown>(text);
  const name = () => new URL(database.url).pathname.slice(1);

  it('has a time-out for statements of its own: ours counts', async () => {
    await query(`ALTER DATABASE ${name()} SET statement_timeout = '50ms'`);
    const dataSource = await new DataSource({ ...dataSourceOptions(database.url), poolSize: 1 }).initialize();
    try {
      await dataSource.query('SELECT pg_sleep(0.2)');
      expect(await dataSource.query('SHOW statement_timeout')).toEqual([{ statement_timeout: '10s' }]);
    } finally {
      await dataSource.destroy();
      await query(`ALTER DATABASE ${name()} RESET statement_timeout`);
    }
  });

  it.each([
    ['datestyle', 'German, DMY', 'ISO, DMY'],
    ['datestyle', 'SQL, MDY', 'ISO, MDY'],
    ['default_transaction_isolation', 'repeatable read', 'read committed'],
    ['default_transaction_isolation', 'serializable', 'read committed'],
    ['default_transaction_deferrable', 'on', 'off'],
    ['lock_timeout', '1ms', '0'],
    ['idle_session_timeout', '1s', '0'],
    ['standard_conforming_strings', 'off', 'on'],
    ['client_encoding', 'LATIN1', 'UTF8'],
  ])('has a default for %s of its own, %s: ours counts', async (setting, theirs, ours) => {
    await query(`ALTER DATABASE ${name()} SET ${setting} = '${theirs}'`);
    const dataSource = await new DataSource({ ...dataSourceOptions(database.url), poolSize: 1 }).initialize();
    try {
      const rows = await dataSource.query<[{ set: string; now: Date }]>(
        'SELECT current_setting($1) AS set, now() AS now',
        [setting],
      );
      expect(rows).toEqual([{ set: ours, now: expect.anything() }]);
      expect(rows[0].now.getTime()).toBeGreaterThan(Date.parse('2020-01-01'));
    } finally {
      await dataSource.destroy();
      await query(`ALTER DATABASE ${name()} RESET ${setting}`);
    }
  });

  it('ends sessions that are idle: the one that listens stays', async () => {
    await query(`ALTER DATABASE ${name()} SET idle_session_timeout = '100ms'`);
    const listener = new ChannelListener({ url: database.url, poolSize: 5 });
    const sessions = async () =>
      (await query(
        `SELECT pid FROM pg_stat_activity WHERE application_name = 'inboxwire-listener' AND datname = current_database()`,
      )) as { pid: number }[];
    try {
      await listener.onApplicationBootstrap();
      const before = await sessions();
      await query('SELECT pg_sleep(0.4)');
      expect(before).toHaveLength(1);
      expect(await sessions()).toEqual(before);
    } finally {
      await listener.onApplicationShutdown();
      await query(`ALTER DATABASE ${name()} RESET idle_session_timeout`);
    }
  });
});
