/** What takes longer than `slowMs` to read is read again when `restFactor` times as long has passed. */
export interface RestRule {
  slowMs: number;
  restFactor: number;
}

interface LastReading<T> {
  value: T;
  took: number;
  dueAt: number;
}

/**
 * A value that is asked for often, and that may take long to read in a large fleet: then those who ask share one reading for
 * a while. The quicker one of the last two readings counts: a large fleet is slow each time, and a busy machine now and then.
 */
export class RestingReading<T> {
  private last: LastReading<T> | undefined;

  constructor(
    private readonly read: () => Promise<T>,
    private readonly rule: RestRule,
  ) {}

  /** What was read last; undefined when nothing was, or when it could not be read. */
  get value(): T | undefined {
    return this.last?.value;
  }

  /** The value, read again when its rest is over. Rejects when it cannot be read, and then keeps nothing. */
  async current(): Promise<T> {
    const before = this.last;
    const began = performance.now();
    if (before && began < before.dueAt) return before.value;
    try {
      const value = await this.read();
      const now = performance.now();
      const took = now - began;
      this.last = { value, took, dueAt: now + this.restAfter(Math.min(took, before?.took ?? 0)) };
      return value;
    } catch (error) {
      this.last = undefined;
      throw error;
    }
  }

  /** What was read counts no longer. */
  forget(): void {
    this.last = undefined;
  }

  private restAfter(took: number): number {
    return took > this.rule.slowMs ? this.rule.restFactor * took : 0;
  }
}
