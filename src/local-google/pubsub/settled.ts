/** Counts what is outstanding, and resolves when nothing is. */
export class Settled {
  private count = 0;
  private waiting: (() => void)[] = [];

  get pending(): number {
    return this.count;
  }

  up(): void {
    this.count += 1;
  }

  down(): void {
    this.count -= 1;
    if (this.count === 0) this.release();
  }

  reset(): void {
    this.count = 0;
    this.release();
  }

  async wait(): Promise<void> {
    if (this.count > 0) await new Promise<void>((resolve) => this.waiting.push(resolve));
  }

  private release(): void {
    const waiting = this.waiting;
    this.waiting = [];
    waiting.forEach((resolve) => resolve());
  }
}
