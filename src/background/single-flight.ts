/** Does one thing, once at a time, for whoever asks: those who ask while it is being done share the next time. */
export class SingleFlight {
  private running: Promise<void> | undefined;
  private next: Promise<void> | undefined;

  constructor(private readonly task: () => Promise<void>) {}

  /** Resolves when a run that began after this call has ended; rejects with its error. */
  run(): Promise<void> {
    if (!this.running) return (this.running = this.task().finally(() => (this.running = undefined)));
    return (this.next ??= this.running
      .catch(() => undefined)
      .then(() => {
        this.next = undefined;
        return this.run();
      }));
  }
}
