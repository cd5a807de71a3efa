import { DataSource } from 'typeorm';
import { dataSourceOptions } from './data-source-options';

/** Any number that nothing else locks in this database. */
const MIGRATION_LOCK = '7205759403792793601';

/**
 * Brings the database to this version. Replicas may start together: one migrates under an advisory lock, the others
 * wait for it and find nothing left to do.
 */
export async function migrate(url: string): Promise<void> {
  const dataSource = new DataSource({ ...dataSourceOptions(url), poolSize: 2, extra: {} });
  await dataSource.initialize();
  const lock = dataSource.createQueryRunner();
  try {
    await lock.query('SELECT pg_advisory_lock($1)', [MIGRATION_LOCK]);
    await dataSource.runMigrations();
    await rebaseEventOrder(dataSource);
  } finally {
    // Closing the session releases the lock, whatever state it is in.
    await lock.release();
    await dataSource.destroy();
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
