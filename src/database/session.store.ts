import { sql, type SqlExecutor } from './sql';

/** How the server limits what a session does, in milliseconds. */
export interface SessionLimits {
  statement_timeout?: number;
  lock_timeout?: number;
  idle_in_transaction_session_timeout?: number;
}

export const SERVICE_LIMITS: SessionLimits = {
  // Nothing of the service takes that long on a healthy database: what does waits for a lock or a disk, and holds a
  // connection that others need.
  statement_timeout: 10_000,
  lock_timeout: 0,
  idle_in_transaction_session_timeout: 30_000,
};

/** What the statements rely on. A user, a database or a server may have another default. */
const SESSION_SETTINGS = {
  // `pg` reads timestamps in this form only.
  DateStyle: 'ISO',
  client_encoding: 'UTF8',
  standard_conforming_strings: 'on',
  // A statement that waited for a row goes on with what the row has become, instead of failing.
  default_transaction_isolation: 'read committed',
  default_transaction_deferrable: 'off',
  // The pool and the listener keep connections that have nothing to do.
  idle_session_timeout: '0',
  // Every statement finds its rows by keys. A table that nothing has analyzed yet looks small, and a plan that reads all of
  // it is kept by a connection for its prepared statements, while the table grows.
  enable_seqscan: 'off',
  enable_hashjoin: 'off',
  enable_mergejoin: 'off',
  // Where there is no key, PostgreSQL 17 and older take the plan for one that is worth compiling.
  jit: 'off',
  // PostgreSQL 17 and newer.
  transaction_timeout: '0',
};

/**
 * Sets the limits once the connection is there, over those of the role and the database, and all else that statements rely
 * on. As start-up parameters a pooler such as PgBouncer would refuse them.
 */
export async function prepareSession(connection: SqlExecutor, limits: SessionLimits): Promise<void> {
  const settings = Object.entries({ ...SESSION_SETTINGS, ...limits }).map(
    ([name, value]) =>
      `CASE WHEN current_setting('${name}', true) IS NOT NULL THEN set_config('${name}', '${value}', false) END`,
  );
  await sql(connection, `SELECT ${settings.join(', ')}`);
}

export interface ServerFacts {
  version: number;
  encoding: string;
  readOnlyByDefault: boolean;
  /** It copies another server, and lets nobody write. */
  isStandby: boolean;
}

export async function serverFacts(on: SqlExecutor): Promise<ServerFacts> {
  const [facts] = await sql<ServerFacts>(
    on,
    `SELECT current_setting('server_version_num')::int AS version, current_setting('server_encoding') AS encoding,
            current_setting('default_transaction_read_only')::bool AND NOT pg_is_in_recovery() AS "readOnlyByDefault",
            pg_is_in_recovery() AS "isStandby"`,
  );
  return facts!;
}

/** What the server's clock says, in milliseconds since the epoch. */
export async function databaseTime(on: SqlExecutor): Promise<number> {
  const [row] = await sql<{ now: number }>(
    on,
    'SELECT extract(epoch FROM clock_timestamp())::float8 * 1000 AS now',
  );
  return row!.now;
}

/** Which process of the server works for this connection just now. */
export async function backendOf(connection: SqlExecutor): Promise<number> {
  const [row] = await sql<{ pid: number }>(connection, 'SELECT pg_backend_pid() AS pid');
  return row!.pid;
}
