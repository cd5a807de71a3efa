/** A column by name: its type in SQL, and its value in a row. */
type Column<Row> = readonly [type: string, value: (row: Row) => unknown];

/**
 * Many rows as the parameters of one statement: an array for each column. So the columns have names on both sides, and
 * nobody counts parameters.
 */
export class RowColumns<Row> {
  constructor(private readonly columns: Readonly<Record<string, Column<Row>>>) {}

  /** How many parameters they are. */
  get count(): number {
    return Object.keys(this.columns).length;
  }

  /**
   * In SQL: the rows as a relation, for a FROM.
   *
   * @param first the number of the first parameter
   */
  relation(name: string, first: number): string {
    return `unnest(${this.arrays(first)}) AS ${name} (${Object.keys(this.columns).join(', ')})`;
  }

  /** In SQL: the columns as arrays, for a function. @param first the number of the first parameter */
  arrays(first: number): string {
    return Object.values(this.columns)
      .map(([type], index) => `$${first + index}::${type}[]`)
      .join(', ');
  }

  parameters(rows: readonly Row[]): unknown[][] {
    return Object.values(this.columns).map(([, value]) => rows.map(value));
  }
}
