import type { DataSourceOptions } from 'typeorm';
import { MIGRATIONS } from './migrations';
import { PoolClient } from './pool-client';

export type PostgresOptions = Extract<DataSourceOptions, { type: 'postgres' }>;

/** How many connections one process holds at most, the listener's own not counted. */
const POOL_SIZE = 20;

/** TypeORM's options for the service, the tests and its command line: entities are plain, migrations explicit SQL. */
export function dataSourceOptions(url: string): PostgresOptions {
  return {
    type: 'postgres',
    url,
    applicationName: 'inboxwire',
    migrations: MIGRATIONS,
    migrationsTableName: 'migrations',
    migrationsTransactionMode: 'each',
    synchronize: false,
    poolSize: POOL_SIZE,
    connectTimeoutMS: 5_000,
    extra: {
      Client: PoolClient,
      statement_timeout: 30_000,
      idle_in_transaction_session_timeout: 30_000,
      keepAlive: true,
    },
  };
}
