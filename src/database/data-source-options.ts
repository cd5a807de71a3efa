import type { DataSourceOptions } from 'typeorm';
import { isLockTimeout } from '../common/connection-error';
import { databaseTarget } from '../config/database-url';
import { goOnAfterCopiedRows } from './copied-rows.store';
import { MIGRATIONS } from './migrations';
import { PoolClient } from './pool-client';
import { prepareSession, SERVICE_LIMITS } from './session.store';
import type { SqlExecutor } from './sql';

/** How long a connection looks at tables that somebody has locked, as VACUUM FULL does: its work may not need them. */
const LOOK_TIMEOUT_MS = 200;

export type PostgresOptions = Extract<DataSourceOptions, { type: 'postgres' }>;

/**
 * How long a connection that nobody uses stays. A new one costs some 30 ms of the server's time, and has everything to parse
 * and to plan anew; behind a pooler in session mode one that stays is missing for others.
 */
const IDLE_TIMEOUT_MS = 60_000;

/** TypeORM's options for the service, the tests and its command line: entities are plain, migrations explicit SQL. */
export function dataSourceOptions(url: string, limits = SERVICE_LIMITS): PostgresOptions {
  return {
    type: 'postgres',
    applicationName: 'inboxwire',
    migrations: MIGRATIONS,
    migrationsTableName: 'migrations',
    // An upgrade that fails half-way leaves nothing behind.
    migrationsTransactionMode: 'all',
    synchronize: false,
    connectTimeoutMS: 5_000,
    extra: {
      ...databaseTarget(url),
      Client: PoolClient,
      onConnect: (connection: SqlExecutor) => prepareSession(connection, limits),
      idleTimeoutMillis: IDLE_TIMEOUT_MS,
      keepAlive: true,
      keepAliveInitialDelayMillis: 10_000,
    },
  };
}

/**
 * The same for the service, once its tables are there. Each connection looks whether it leads to another server than before:
 * the address of a database may be switched to a copy while replicas run.
 */
export function serviceOptions(url: string): PostgresOptions {
  const options = dataSourceOptions(url);
  const onConnect = async (connection: SqlExecutor) => {
    await prepareSession(connection, { ...SERVICE_LIMITS, lock_timeout: LOOK_TIMEOUT_MS });
    try {
      await goOnAfterCopiedRows(connection);
    } catch (error) {
      if (!isLockTimeout(error)) throw error;
    }
    await prepareSession(connection, SERVICE_LIMITS);
  };
  return { ...options, extra: { ...(options.extra as object), onConnect } };
}
