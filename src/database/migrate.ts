import { setTimeout as delay } from 'node:timers/promises';
import { DataSource, type QueryRunner } from 'typeorm';
import { isConnectionError } from '../common/connection-error';
import { InboxwireError } from '../common/inboxwire.error';
import { goOnAfterCopiedRows } from './copied-rows.store';
import { dataSourceOptions } from './data-source-options';
import { asUnusable, DatabaseUnusableError } from './database-unusable.error';
import { foreignMigrations } from './foreign-migrations';
import { doneMigrations, tryMigrationLock } from './migration.store';
import { StrictClient } from './pool-client';
import { backendOf, serverFacts } from './session.store';

/** As `server_version_num`. */
const OLDEST_VERSION = 150_000;
/** How often the lock is asked for while another replica has it. */
const LOCK_POLL_INTERVAL_MS = 250;
/**
 * How long a migration waits for a table. Whoever comes after it has to wait behind it, so it rather fails and is tried
 * again.
 */
const LOCK_TIMEOUT_MS = 3_000;

/** SQLSTATEs of what cannot be made because there is one of that name: a table, a function, a type. */
const IS_THERE = new Set(['42P07', '42723', '42710']);

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
  const options = dataSourceOptions(url, { lock_timeout: LOCK_TIMEOUT_MS, statement_timeout: 0 });
  // These never give up on an answer: a migration may take its time.
  const dataSource = new DataSource({
    ...options,
    poolSize: 2,
    extra: { ...(options.extra as object), Client: StrictClient },
  });
  let lock: QueryRunner | undefined;
  try {
    await dataSource.initialize();
    lock = dataSource.createQueryRunner();
    await refuseUnusable(dataSource, lock);
    await waitForLock(lock, warn, signal);
    await runMigrations(dataSource, warn);
    await goOnAfterCopiedRows(dataSource);
  } catch (error) {
    throw asUnusable(error) ?? error;
  } finally {
    // Closing the session releases the lock, whatever state it is in.
    await lock?.release();
    if (dataSource.isInitialized) await dataSource.destroy();
  }
}

/** @throws DatabaseUnusableError for a server, a database or a pooler on which nothing would go well for long */
export async function refuseUnusable(dataSource: DataSource, session: QueryRunner): Promise<void> {
  const { version, encoding, readOnlyByDefault } = await serverFacts(session);
  if (version < OLDEST_VERSION)
    throw new DatabaseUnusableError(
      `This is PostgreSQL ${Math.floor(version / 10_000)}, and Inboxwire needs 15 or newer. Upgrade it, or name another in DATABASE_URL.`,
    );
  if (encoding !== 'UTF8')
    throw new DatabaseUnusableError(
      `The encoding of the database is ${encoding}, in which not every mail can be written. Make a database with ENCODING 'UTF8' (and TEMPLATE template0), and name it in DATABASE_URL.`,
    );
  if (readOnlyByDefault)
    throw new DatabaseUnusableError(
      'default_transaction_read_only is on for the user, the database or the server of DATABASE_URL. Turn it off: Inboxwire writes.',
    );
  // Two connections that are both open have a process of the server each, unless a pooler lends one to both.
  if ((await backendOf(session)) === (await backendOf(dataSource)))
    throw new DatabaseUnusableError(
      'The pooler of DATABASE_URL gives a connection to others after each transaction, and Inboxwire listens and locks on connections of its own. ' +
        'Set pool_mode = session for this database in the pooler, or connect to PostgreSQL directly (docs/deploy.md, "Several replicas").',
    );
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
  const done = await doneMigrations(dataSource);
  const { unknown, breaking, unreleased } = foreignMigrations(done, known);
  if (unreleased.length > 0)
    throw new DatabaseUnusableError(
      `Another program, or a version from before the first release, has made this database, with other tables than this version's: ${unreleased.join(', ')}. ` +
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
    if (done.length === 0 && IS_THERE.has(String((error as { code?: unknown }).code)))
      throw new DatabaseUnusableError(
        'The database has tables already that Inboxwire has not made, and is left as it is. Name an empty database in DATABASE_URL.',
        error,
      );
    throw new InboxwireError(
      'migration_failed',
      'A migration failed, and all of them were rolled back: the database is as it was, and the version before can go on with it.',
      { cause: error },
    );
  }
}
