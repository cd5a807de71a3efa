import { setTimeout as delay } from 'node:timers/promises';
import { DataSource, type QueryRunner } from 'typeorm';
import { isConnectionError } from '../common/connection-error';
import { InboxwireError } from '../common/inboxwire.error';
import { dataSourceOptions } from './data-source-options';
import { asUnusable, DatabaseUnusableError } from './database-unusable.error';
import { foreignMigrations } from './foreign-migrations';
import { doneMigrations, rebaseEventOrder, tryMigrationLock } from './migration.store';

/** How often the lock is asked for while another replica has it. */
const LOCK_POLL_INTERVAL_MS = 250;
/**
 * How long a migration waits for a table. Whoever comes after it has to wait behind it, so it rather fails and is tried
 * again.
 */
const LOCK_TIMEOUT_MS = 3_000;

export interface MigrateOptions {
  /** Gets what an operator should know, as a sentence: that it waits, and for what. */
  warn?: (sentence: string) => void;
  /** Ends the wait for another replica. */
  signal?: AbortSignal | undefined;
}

/**
 * Brings the database to this version, wholly or not at all. Replicas may start together: one migrates under an advisory
 * lock, the others wait for it and find nothing left to do.
 *
 * @throws DatabaseUnusableError when a person has to act first, InboxwireError when a migration fails, or a connection
 *   error when the database is away
 */
export async function migrate(url: string, { warn = () => {}, signal }: MigrateOptions = {}): Promise<void> {
  const extra = { lock_timeout: LOCK_TIMEOUT_MS };
  const dataSource = new DataSource({ ...dataSourceOptions(url), poolSize: 2, extra });
  let lock: QueryRunner | undefined;
  try {
    await dataSource.initialize();
    lock = dataSource.createQueryRunner();
    await waitForLock(lock, warn, signal);
    await runMigrations(dataSource, warn);
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
  for (let tries = 0; !(await tryMigrationLock(lock)); tries++) {
    if (tries === 0) warn('another replica brings the database to its version; waiting for it');
    await delay(LOCK_POLL_INTERVAL_MS, undefined, { signal });
  }
}

async function runMigrations(dataSource: DataSource, warn: (sentence: string) => void): Promise<void> {
  const known = dataSource.migrations.map(({ name }) => name!);
  const { unknown, breaking, unreleased } = foreignMigrations(await doneMigrations(dataSource), known);
  if (unreleased.length > 0)
    throw new DatabaseUnusableError(
      `A version from before the first release has made this database, with other tables than this version's: ${unreleased.join(', ')}. ` +
        'It is left as it is. Name an empty database in DATABASE_URL (without DATABASE_URL: an empty directory in DATA_DIR), and connect the mailboxes anew.',
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
