/** How often a line says how many more there were. */
const REPEAT_INTERVAL_MS = 60_000;

interface Run {
  count: number;
  timer: NodeJS.Timeout;
}

/**
 * A fault that strikes every request for as long as it lasts: the first one is logged at once, and from then on
 * how many more there were, once a minute.
 */
export class LogThrottle {
  private readonly runs = new Map<string, Run>();

  /** @param more writes the line that says how many more there were */
  constructor(private readonly more: (what: string, count: number) => void) {}

  /**
   * @param what says which fault it is; one of few
   * @returns whether it is the first of its run, and to be logged now
   */
  isFirst(what: string): boolean {
    const run = this.runs.get(what);
    if (run) run.count++;
    else
      this.runs.set(what, {
        count: 0,
        timer: setInterval(() => this.report(what), REPEAT_INTERVAL_MS).unref(),
      });
    return run === undefined;
  }

  /** A minute without any is the end of the run. */
  private report(what: string): void {
    const run = this.runs.get(what)!;
    if (run.count > 0) {
      this.more(what, run.count);
      run.count = 0;
      return;
    }
    clearInterval(run.timer);
    this.runs.delete(what);
  }
}
