/**
 * How the name of a migration begins that takes something away which the release before still uses. All others only
 * add, and a program that does not know them goes on (docs/decisions/0013-old-programs-on-newer-databases.md).
 */
const TAKES_AWAY = 'Contract';

/** What a newer version has done to the database. */
export interface NewerMigrations {
  /** Migrations that this version does not know. */
  unknown: string[];
  /** Those of them with which it cannot work. */
  breaking: string[];
}

/**
 * @param done the names of the migrations that the database has
 * @param known the names of those that this version has
 */
export function newerMigrations(done: Iterable<string>, known: Iterable<string>): NewerMigrations {
  const ours = new Set(known);
  const unknown = [...done].filter((name) => !ours.has(name));
  return { unknown, breaking: unknown.filter((name) => name.startsWith(TAKES_AWAY)) };
}
