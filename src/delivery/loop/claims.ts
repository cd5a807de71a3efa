import type { DeliveryTarget } from '../endpoint/delivery-target';

/** What this process holds claims on, for their renewal and for the share of each endpoint. */
export class Claims<T extends { target: DeliveryTarget }> {
  private readonly held = new Set<T>();
  private readonly waiting: (() => void)[] = [];

  get all(): T[] {
    return [...this.held];
  }

  /** How many claims each endpoint has. */
  byEndpoint(): Map<string, number> {
    const counts = new Map<string, number>();
    for (const { target } of this.held)
      counts.set(target.endpointId, (counts.get(target.endpointId) ?? 0) + 1);
    return counts;
  }

  take(claimed: T[]): T[] {
    for (const claim of claimed) this.held.add(claim);
    return claimed;
  }

  async during<R>(claim: T, work: () => Promise<R>): Promise<R> {
    try {
      return await work();
    } finally {
      this.held.delete(claim);
      if (this.held.size === 0) for (const resolve of this.waiting.splice(0)) resolve();
    }
  }

  /** Resolves when no claim is held. */
  none(): Promise<void> {
    if (this.held.size === 0) return Promise.resolve();
    return new Promise((resolve) => this.waiting.push(resolve));
  }
}
