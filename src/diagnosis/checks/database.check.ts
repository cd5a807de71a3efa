import type { DataSource } from 'typeorm';
import { foreignMigrations } from '../../database/foreign-migrations';
import { privileges } from '../../database/installation.store';
import { doneMigrations, probeWrites } from '../../database/migration.store';
import { refuseUnusable } from '../../database/migrate';
import { serverFacts } from '../../database/session.store';
import { describeError } from '../../common/describe-error';
import { type Check, failed, type Finding, ok, skipped, warning } from '../check';
import type { DoctorContext } from '../doctor-context';

const WRITES_REMEDY =
  'Start PostgreSQL, or let DATABASE_URL lead to one that takes writes: a standby does not.';

/** What these checks look at: so readiness can make them too, on the connections of the service. */
type DatabaseContext = Pick<DoctorContext, 'database'>;

export const DATABASE_CHECK: Check<DatabaseContext> = {
  name: 'database',
  question: 'Is the database within reach, of a version and in a mode that work, and may it be written?',
  run: async ({ database }) => {
    if ('absent' in database) {
      const { detail, remedy } = database.absent;
      return database.isFault ? failed(detail, remedy) : skipped(detail, remedy);
    }
    const { dataSource } = database;
    return (await unusable(dataSource)) ?? (await notPermitted(dataSource)) ?? writable(dataSource);
  },
};

/** Made by readiness: one statement. */
export const WRITES_CHECK: Check<DatabaseContext> = {
  name: 'database',
  question: 'Does the database take writes now?',
  run: async ({ database }) => {
    if ('absent' in database) return failed(database.absent.detail, database.absent.remedy);
    try {
      await probeWrites(database.dataSource);
      return ok('It takes writes.');
    } catch (error) {
      return failed(`No write is possible: ${describeError(error)}.`, WRITES_REMEDY);
    }
  },
};

/** Made by readiness too. */
export const MIGRATIONS_CHECK: Check<DatabaseContext> = {
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
        `Another program or version has made this database, with other tables: ${unreleased.join(', ')}.`,
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

async function notPermitted(dataSource: DataSource): Promise<Finding | undefined> {
  const { create, readOnly } = await privileges(dataSource);
  const remedy = 'Make the user of DATABASE_URL the owner of the database and of its tables.';
  if (readOnly.length > 0) return failed(`The user may not write ${readOnly.join(', ')}.`, remedy);
  if (!create) return failed('The user may not make tables, which the first start and upgrades do.', remedy);
  return undefined;
}

/** An empty database has no table yet to try it with. */
async function writable(dataSource: DataSource): Promise<Finding> {
  const { version, isStandby } = await serverFacts(dataSource);
  if (isStandby) return failed('The server is a standby, and lets nobody write.', WRITES_REMEDY);
  const done = await doneMigrations(dataSource);
  if (done.includes(dataSource.migrations[0]!.name!)) {
    const finding = await WRITES_CHECK.run({ database: { dataSource } });
    if (finding.status !== 'ok') return finding;
  }
  return ok(`PostgreSQL ${Math.floor(version / 10_000)} answers, and may be written.`);
}
