interface Waiting<In, Out> {
  item: In;
  resolve: (out: Out) => void;
  reject: (error: unknown) => void;
}

/**
 * Group commit: items that arrive while one write is under way are written together by the next one. The next write
 * starts as soon as a lane is free, so an idle service adds no delay and a busy one commits many items at once.
 */
export class Batcher<In, Out = void> {
  private waiting: Waiting<In, Out>[] = [];
  private running = 0;

  /**
   * @param write writes the items in order and returns one result each, or nothing when there is none
   * @param options.lanes how many writes may be under way at once
   * @param options.maxItems the most items that one write takes
   */
  constructor(
    private readonly write: (items: In[]) => Promise<Out[] | void>,
    private readonly options: { lanes: number; maxItems: number } = { lanes: 1, maxItems: 1_000 },
  ) {}

  /** Resolves once the write that took the item has committed; rejects with that write's error. */
  add(item: In): Promise<Out> {
    return new Promise((resolve, reject) => {
      this.waiting.push({ item, resolve, reject });
      // Deferred to the end of this turn, so that all requests read from the sockets in one go share a write.
      if (this.waiting.length === 1) setImmediate(() => this.pump());
    });
  }

  private pump(): void {
    while (this.running < this.options.lanes && this.waiting.length > 0) {
      const batch = this.waiting.splice(0, this.options.maxItems);
      this.running++;
      void this.flush(batch);
    }
  }

  private async flush(batch: Waiting<In, Out>[]): Promise<void> {
    try {
      const results = await this.write(batch.map(({ item }) => item));
      batch.forEach(({ resolve }, index) => resolve((results as Out[] | undefined)?.[index] as Out));
    } catch (error) {
      for (const { reject } of batch) reject(error);
    } finally {
      this.running--;
      this.pump();
    }
  }
}
