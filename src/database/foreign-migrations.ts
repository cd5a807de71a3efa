/**
 * How the name of a migration begins that takes something away which the release before still uses. All others only
 * add, and a program that does not know them goes on (docs/decisions/0013-old-programs-on-newer-databases.md).
 */
const TAKES_AWAY = 'Contract';

/** What other versions have done to the database. */
export interface ForeignMigrations {
  /** Newer migrations, which this version does not know. */
  unknown: string[];
  /** Those of them with which it cannot work. */
  breaking: string[];
  /** Migrations from before the first release, or a baseline with other tables than this version's. */
  unreleased: string[];
}

/**
 * @param done the names of the migrations that the database has
 * @param known the names of those that this version has, oldest first
 */
export function foreignMigrations(done: Iterable<string>, known: readonly string[]): ForeignMigrations {
  const ours = new Set(known);
  const baseline = timestampOf(known[0]!);
  const foreign = [...done].filter((name) => !ours.has(name));
  const unknown = foreign.filter((name) => timestampOf(name) > baseline);
  return {
    unknown,
    breaking: unknown.filter((name) => name.startsWith(TAKES_AWAY)),
    unreleased: foreign.filter((name) => timestampOf(name) <= baseline),
  };
}

/** TypeORM has the name of a migration end with its time in milliseconds. */
function timestampOf(name: string): number {
  return Number(name.slice(-13));
}
