const names = new Map<string, string>();

/**
 * Marks a statement that runs for every change: each connection parses it once and plans it a few times, instead of anew
 * each time, which was a third of what PostgreSQL did. For fixed texts whose best plan does not depend on the parameters.
 *
 * https://www.postgresql.org/docs/15/sql-prepare.html#SQL-PREPARE-NOTES
 *
 * @returns the text
 */
export function prepared(text: string): string {
  if (!names.has(text)) names.set(text, `inboxwire_${names.size + 1}`);
  return text;
}

/** The name under which a connection prepares the statement; undefined when it is not to be prepared. */
export function statementName(text: string): string | undefined {
  return names.get(text);
}

/**
 * A CTE: the commit of the statement is not waited for. For what a database that crashes may forget at no cost but time,
 * such as claims. To be joined by what writes, since a CTE that nobody reads is not run.
 */
export const NO_FLUSH = `no_flush AS MATERIALIZED (SELECT set_config('synchronous_commit', 'off', true))`;
