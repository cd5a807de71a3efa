import { TooManyWaitersError } from '../event.errors';

/** Counts who waits, all together and of each caller: nobody's crowd keeps the others out. */
export class WaiterSlots {
  private total = 0;
  private readonly ofCaller = new Map<string, number>();

  constructor(private readonly max: { total: number; ofCaller: number }) {}

  /**
   * @returns what to call, once, when the wait is over
   * @throws TooManyWaitersError
   */
  take(callerId: string): () => void {
    const own = this.ofCaller.get(callerId) ?? 0;
    if (own >= this.max.ofCaller) throw new TooManyWaitersError(this.max.ofCaller, 'with this key');
    if (this.total >= this.max.total) throw new TooManyWaitersError(this.max.total, 'at this replica');
    this.total++;
    this.ofCaller.set(callerId, own + 1);
    return () => {
      this.total--;
      const left = this.ofCaller.get(callerId)! - 1;
      if (left === 0) this.ofCaller.delete(callerId);
      else this.ofCaller.set(callerId, left);
    };
  }
}
