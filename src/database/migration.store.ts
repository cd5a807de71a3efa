import { DatabaseUnusableError } from './database-unusable.error';
import { sql, type SqlExecutor } from './sql';

/** Any number that nothing else locks in this database. */
export const MIGRATION_LOCK = '7205759403792793601';

/** Takes the lock under which one replica migrates, for as long as the session lives. @returns whether it was free */
export async function tryMigrationLock(session: SqlExecutor): Promise<boolean> {
  const [row] = await sql<{ ours: boolean }>(session, 'SELECT pg_try_advisory_lock($1) AS ours', [
    MIGRATION_LOCK,
  ]);
  return row!.ours;
}

/**
 * The names of the migrations that the database has: none when it is empty.
 *
 * @throws DatabaseUnusableError when the table of them is another program's, with columns of its own
 */
export async function doneMigrations(on: SqlExecutor): Promise<string[]> {
  const columns = await sql<{ name: string }>(
    on,
    `SELECT attname AS name FROM pg_attribute
     WHERE attrelid = to_regclass('migrations') AND attnum > 0 AND NOT attisdropped`,
  );
  if (columns.length === 0) return [];
  if (!columns.some(({ name }) => name === 'name'))
    throw new DatabaseUnusableError(
      'Another program has made the table "migrations" of this database. Name an empty database in DATABASE_URL, or give the user a schema of its own.',
    );
  return (await sql<{ name: string }>(on, 'SELECT name FROM migrations')).map(({ name }) => name);
}

/** Fails when the database takes no writes, as a standby does. */
export async function probeWrites(on: SqlExecutor): Promise<void> {
  await sql(on, 'DELETE FROM leases WHERE false');
}
