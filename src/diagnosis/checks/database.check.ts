import type { DataSource } from 'typeorm';
import { foreignMigrations } from '../../database/foreign-migrations';
import { privileges } from '../../database/installation.store';
import { doneMigrations } from '../../database/migration.store';
import { refuseUnusable } from '../../database/migrate';
import { serverFacts } from '../../database/session.store';
import { describeError } from '../../common/describe-error';
import { type Check, failed, type Finding, ok, skipped, warning } from '../check';

export const DATABASE_CHECK: Check = {
  name: 'database',
  question: 'Is the database within reach, of a version and in a mode that work, and may it be written?',
  run: async ({ database }) => {
    if ('absent' in database) {
      const { detail, remedy } = database.absent;
      return database.isFault ? failed(detail, remedy) : skipped(detail, remedy);
    }
    return (await unusable(database.dataSource)) ?? (await permitted(database.dataSource));
  },
};

export const MIGRATIONS_CHECK: Check = {
  name: 'migrations',
  question: 'Does the database have the tables of this version?',
  run: async ({ database }) => {
    if ('absent' in database) return skipped('The database is not known.', database.absent.remedy);
    const { dataSource } = database;
    const known = dataSource.migrations.map(({ name }) => name!);
    const done = await doneMigrations(dataSource);
    const { breaking, unreleased } = foreignMigrations(done, known);
    const missing = known.filter((name) => !done.includes(name));
    if (unreleased.length > 0)
      return failed(
        `Another version has made this database, with other tables: ${unreleased.join(', ')}.`,
        'Name an empty database in DATABASE_URL.',
      );
    if (breaking.length > 0)
      return failed(
        `A newer version has migrated the database and left this one behind: ${breaking.join(', ')}.`,
        'Start the newer version (docs/deploy.md, "Upgrade and rollback").',
      );
    if (missing.length > 0)
      return warning(
        `Not run yet: ${missing.join(', ')}.`,
        'Start the service of this version: it brings the tables.',
      );
    return ok('All of this version have been run.');
  },
};

/** By the same rules as at the start of the service. */
async function unusable(dataSource: DataSource): Promise<Finding | undefined> {
  const session = dataSource.createQueryRunner();
  try {
    await refuseUnusable(dataSource, session);
    return undefined;
  } catch (error) {
    return failed(describeError(error), 'The service does not start until that is done.');
  } finally {
    await session.release();
  }
}

async function permitted(dataSource: DataSource): Promise<Finding> {
  const { version } = await serverFacts(dataSource);
  const { create, readOnly } = await privileges(dataSource);
  const remedy = 'Make the user of DATABASE_URL the owner of the database and of its tables.';
  if (readOnly.length > 0) return failed(`The user may not write ${readOnly.join(', ')}.`, remedy);
  if (!create) return failed('The user may not make tables, which the first start and upgrades do.', remedy);
  return ok(`PostgreSQL ${Math.floor(version / 10_000)} answers, and may be written.`);
}
