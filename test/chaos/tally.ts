/** Counts faults by their kind, in the order in which the kinds first came up. */
export class Tally {
  private readonly counts = new Map<string, number>();

  add(kind: string, count = 1): void {
    this.counts.set(kind, (this.counts.get(kind) ?? 0) + count);
  }

  get rows(): [string, number][] {
    return [...this.counts];
  }
}
