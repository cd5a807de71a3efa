import type { DeliveryTarget } from './delivery-target';

/** What this process holds claims on, for their renewal and for the share of each endpoint. */
export class Claims<T extends { target: DeliveryTarget }> {
  private readonly held = new Set<T>();

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
    }
  }
}
