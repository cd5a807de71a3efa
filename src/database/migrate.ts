import { setTimeout as delay } from 'node:timers/promises';
import { DataSource, type QueryRunner } from 'typeorm';
import { isConnectionError } from '../common/connection-error';
import { InboxwireError } from '../common/inboxwire.error';
import { dataSourceOptions } from './data-source-options';
import { asUnusable, DatabaseUnusableError } from './database-unusable.error';
import { newerMigrations } from './newer-migrations';
import { sql } from './sql';

/** Any number that nothing else locks in this database. */
export const MIGRATION_LOCK = '7205759403792793601';
/** How often, in milliseconds, the lock is asked for while another replica has it. */
const LOCK_POLL = 250;
/**
 * How long, in milliseconds, a migration waits for a table. Whoever comes after it has to wait behind it, so it rather
 * fails and is tried again.
 */
const LOCK_TIMEOUT = 3_000;

export interface MigrateOptions {
  /** Told, in a sentence, of what an operator should know: that it waits, and for what. */
  warn?: (sentence: string) => void;
  /** Ends the wait for another replica. */
  signal?: AbortSignal | undefined;
}

/**
 * Brings the database to this version, wholly or not at all. Replicas may start together: one migrates under an advisory
 * lock, the others wait for it and find nothing left to do.
 *
 * @throws DatabaseUnusableError when a person has to act first, InboxwireError when a migration fails, or what tells that
 *   the database is away
 */
export async function migrate(url: string, { warn = () => {}, signal }: MigrateOptions = {}): Promise<void> {
  const extra = { lock_timeout: LOCK_TIMEOUT };
  const dataSource = new DataSource({ ...dataSourceOptions(url), poolSize: 2, extra });
  let lock: QueryRunner | undefined;
  try {
    await dataSource.initialize();
    lock = dataSource.createQueryRunner();
    await waitForLock(lock, warn, signal);
    await run(dataSource, warn);
    await rebaseEventOrder(dataSource);
  } catch (error) {
    throw asUnusable(error) ?? error;
  } finally {
    // Closing the session releases the lock, whatever state it is in.
    await lock?.release();
    if (dataSource.isInitialized) await dataSource.destroy();
  }
}

async function waitForLock(
  lock: QueryRunner,
  warn: (sentence: string) => void,
  signal: AbortSignal | undefined,
): Promise<void> {
  for (let tries = 0; ; tries++) {
    const [row] = await sql<{ ours: boolean }>(lock, 'SELECT pg_try_advisory_lock($1) AS ours', [
      MIGRATION_LOCK,
    ]);
    if (row!.ours) return;
    if (tries === 0) warn('another replica brings the database to its version; waiting for it');
    await delay(LOCK_POLL, undefined, { signal });
  }
}

async function run(dataSource: DataSource, warn: (sentence: string) => void): Promise<void> {
  const [table] = await sql<{ exists: boolean }>(
    dataSource,
    `SELECT to_regclass('migrations') IS NOT NULL AS exists`,
  );
  const done = table!.exists ? await sql<{ name: string }>(dataSource, 'SELECT name FROM migrations') : [];
  const known = dataSource.migrations.map(({ name }) => name!);
  const { unknown, breaking } = newerMigrations(
    done.map(({ name }) => name),
    known,
  );
  if (breaking.length > 0)
    throw new DatabaseUnusableError(
      `A newer version of Inboxwire has migrated this database, and this version cannot work on it: ${breaking.join(', ')}. ` +
        'Start the newer version; or stop all replicas and undo these migrations with it (docs/deploy.md, "Upgrade and rollback").',
    );
  if (unknown.length > 0)
    warn(`a newer version has migrated this database, and this version goes on: ${unknown.join(', ')}`);
  try {
    await dataSource.runMigrations();
  } catch (error) {
    if (isConnectionError(error) || asUnusable(error)) throw error;
    throw new InboxwireError(
      'migration_failed',
      'A migration failed, and all of them were rolled back: the database is as it was, and the version before can go on with it.',
      { cause: error },
    );
  }
}

/**
 * The log is ordered by transaction ids, and a database restored from a dump counts them from the beginning: move the
 * origin, so that what is appended next comes after what was restored.
 */
async function rebaseEventOrder(dataSource: DataSource): Promise<void> {
  await dataSource.query(`
    UPDATE event_log_origin SET xid_offset = xid_offset + behind.by
    FROM (SELECT (SELECT max(commit_order) FROM events) - event_commit_order() + 1 AS by) behind
    WHERE behind.by > 0`);
}
