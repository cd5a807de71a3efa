/** A column by name: its type in SQL, and its value in a row. */
type Column<Row> = readonly [type: string, value: (row: Row) => unknown];

/**
 * Many rows as the parameters of one statement: an array for each column. So the columns have names on both sides, and
 * nobody counts parameters.
 */
export class RowColumns<Row> {
  constructor(private readonly columns: Readonly<Record<string, Column<Row>>>) {}

  /** The same rows with more columns, which come first. */
  with<More>(columns: Readonly<Record<string, Column<More>>>): RowColumns<Row & More> {
    return new RowColumns<Row & More>({ ...columns, ...this.columns });
  }

  /** How many parameters they are. */
  get count(): number {
    return Object.keys(this.columns).length;
  }

  /**
   * In SQL: the rows as a relation, for a FROM.
   *
   * The planner does not see how many they are. A plan for the one row at hand would look cheaper than that for any number, and
   * a prepared statement would be planned anew each time for as long as it brings few rows.
   *
   * @param first the number of the first parameter
   */
  relation(name: string, first: number): string {
    const [array, ...others] = this.arrays(first);
    const arrays = [`(SELECT ${array})`, ...others];
    return `unnest(${arrays.join(', ')}) AS ${name} (${Object.keys(this.columns).join(', ')})`;
  }

  /** In SQL: the columns as arrays, for a function. @param first the number of the first parameter */
  arrays(first: number): string[] {
    return Object.values(this.columns).map(([type], index) => `$${first + index}::${type}[]`);
  }

  /** The same, each cut to the rows from one to the other: expressions in SQL that count from 1. */
  slices(first: number, from: string, to: string): string {
    return Object.values(this.columns)
      .map(([type], index) => `($${first + index}::${type}[])[${from}:${to}]`)
      .join(', ');
  }

  parameters(rows: readonly Row[]): unknown[][] {
    return Object.values(this.columns).map(([, value]) => rows.map(value));
  }
}

/** An array of PostgreSQL's as text: for a column that is an array itself, since an array of arrays is a matrix there. */
export function arrayLiteral(items: readonly string[]): string {
  return `{${items.map((item) => `"${item.replace(/["\\]/g, '\\$&')}"`).join()}}`;
}
