import { OverloadedError } from './inboxwire.error';

export interface AdmissionLimits {
  maxAtOnce: number;
  maxWaiting: number;
  maxWaitMs: number;
}

/** Lets so many in at once. Those who wait are let in by turns, one of each caller, so that nobody's crowd delays the others. */
export class Admission {
  private inside = 0;
  private waiting = 0;
  /** Whose turn is next stands first. */
  private readonly queues = new Map<string, (() => void)[]>();

  constructor(private readonly limits: AdmissionLimits) {}

  /** Whether nobody is inside, and so nobody waits. */
  get isEmpty(): boolean {
    return this.inside === 0;
  }

  /**
   * @returns what to call when it is over; calling it again does nothing
   * @throws OverloadedError when too many wait, or it takes too long
   */
  async enter(caller: string): Promise<() => void> {
    if (this.inside >= this.limits.maxAtOnce) await this.wait(caller);
    else this.inside++;
    let isInside = true;
    return () => {
      if (isInside) this.leave();
      isInside = false;
    };
  }

  private wait(caller: string): Promise<void> {
    if (this.waiting >= this.limits.maxWaiting) throw new OverloadedError();
    this.waiting++;
    return new Promise((resolve, reject) => {
      const queue = this.queues.get(caller) ?? [];
      const admit = () => {
        clearTimeout(timer);
        this.waiting--;
        resolve();
      };
      const timer = setTimeout(() => {
        queue.splice(queue.indexOf(admit), 1);
        if (queue.length === 0) this.queues.delete(caller);
        this.waiting--;
        reject(new OverloadedError());
      }, this.limits.maxWaitMs);
      queue.push(admit);
      this.queues.set(caller, queue);
    });
  }

  /** The place goes to the next one. */
  private leave(): void {
    const [next] = this.queues;
    if (!next) return void this.inside--;
    const [caller, queue] = next;
    this.queues.delete(caller);
    const admit = queue.shift()!;
    if (queue.length > 0) this.queues.set(caller, queue);
    admit();
  }
}
