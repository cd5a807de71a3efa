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
  /** Those of another program, or of a version from before the first release: this version's baseline is not among them. */
  unreleased: string[];
}

/**
 * @param done the names of the migrations that the database has
 * @param known the names of those that this version has, oldest first
 */
export function foreignMigrations(done: Iterable<string>, known: readonly string[]): ForeignMigrations {
  const [baseline] = known as [string];
  const all = [...done];
  const foreign = all.filter((name) => !known.includes(name));
  const isNewer = (name: string) => timestampOf(name) > timestampOf(baseline);
  const unknown = all.includes(baseline) ? foreign.filter(isNewer) : [];
  return {
    unknown,
    breaking: unknown.filter((name) => name.startsWith(TAKES_AWAY)),
    unreleased: foreign.filter((name) => !unknown.includes(name)),
  };
}

/** TypeORM has the name of a migration end with its time in milliseconds. */
function timestampOf(name: string): number {
  return Number(name.slice(-13));
}
