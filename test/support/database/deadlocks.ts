const LINE = /^\S+ \S+ \S+ \[\d+\] /;

/**
 * What PostgreSQL has logged of deadlocks, with the statements.
 *
 * @param log the log of a server, as it is written by default
 */
export function deadlocksIn(log: string): string[] {
  const found: string[] = [];
  let isWithin = false;
  for (const line of log.split('\n')) {
    // The first line of an entry has a time and a process; those that follow are indented.
    if (LINE.test(line)) isWithin = / DETAIL: {2}Process \d+ waits for /.test(line);
    if (isWithin) found.push(line);
  }
  return found;
}
