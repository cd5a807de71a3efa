import type { DataSourceOptions } from 'typeorm';
import { MIGRATIONS } from './migrations';
import { PoolClient } from './pool-client';

export type PostgresOptions = Extract<DataSourceOptions, { type: 'postgres' }>;

/** How many connections one process holds at most, the listener's own not counted. */
const POOL_SIZE = 20;

/**
 * The longest that the server works on a statement, in milliseconds. Nothing of the service takes that long on a healthy
 * database: what does waits for a lock or a disk, and holds a connection that others need.
 */
const STATEMENT_TIMEOUT = 10_000;

/** TypeORM's options for the service, the tests and its command line: entities are plain, migrations explicit SQL. */
export function dataSourceOptions(url: string): PostgresOptions {
  return {
    type: 'postgres',
    url,
    applicationName: 'inboxwire',
    migrations: MIGRATIONS,
    migrationsTableName: 'migrations',
    // An upgrade that fails half-way leaves nothing behind.
    migrationsTransactionMode: 'all',
    synchronize: false,
    poolSize: POOL_SIZE,
    connectTimeoutMS: 5_000,
    extra: {
      Client: PoolClient,
      statement_timeout: STATEMENT_TIMEOUT,
      idle_in_transaction_session_timeout: 30_000,
      keepAlive: true,
      keepAliveInitialDelayMillis: 10_000,
    },
  };
}
