import { sql, type SqlExecutor } from './sql';

/** How the server limits what a session does, in milliseconds. */
export interface SessionLimits {
  statement_timeout?: number;
  lock_timeout?: number;
  idle_in_transaction_session_timeout?: number;
}

/**
 * Sets the limits once the connection is there, over those of the role and the database. As start-up parameters a pooler
 * such as PgBouncer would refuse them.
 */
export async function limitSession(connection: SqlExecutor, limits: SessionLimits): Promise<void> {
  const settings = Object.entries(limits).map(([name, value]) => `set_config('${name}', '${value}', false)`);
  await sql(connection, `SELECT ${settings.join(', ')}`);
}

export interface ServerFacts {
  version: number;
  encoding: string;
  readOnlyByDefault: boolean;
}

export async function serverFacts(on: SqlExecutor): Promise<ServerFacts> {
  const [facts] = await sql<ServerFacts>(
    on,
    `SELECT current_setting('server_version_num')::int AS version, current_setting('server_encoding') AS encoding,
            current_setting('default_transaction_read_only')::bool AND NOT pg_is_in_recovery() AS "readOnlyByDefault"`,
  );
  return facts!;
}

/** Which process of the server works for this connection just now. */
export async function backendOf(connection: SqlExecutor): Promise<number> {
  const [row] = await sql<{ pid: number }>(connection, 'SELECT pg_backend_pid() AS pid');
  return row!.pid;
}
