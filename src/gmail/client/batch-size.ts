/** The most calls in a batch that Google recommends. */
const MAX_BATCH = 50;

/** How many calls the next batch has: fewer when Google did not answer all of the last one, and then more again. */
export class BatchSize {
  next = MAX_BATCH;
  /** How often in a row nothing was read at all. */
  failures = 0;

  /** @param read how many of the calls brought what was asked for */
  record(asked: number, read: number): void {
    this.failures = read > 0 ? 0 : this.failures + 1;
    if (read === asked) this.next = Math.min(MAX_BATCH, this.next + 1);
    // As many as came; when none did, the first guess is a quarter.
    else this.next = Math.max(1, read > 0 ? read : Math.floor(asked / 4));
  }
}
