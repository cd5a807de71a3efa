import { Admission } from '../../common/admission';

/** A request waits for its turn about as long as clients wait for an answer. */
const LIMITS = { maxAtOnce: 1, maxWaiting: 1_000, maxWaitMs: 20_000 };

/**
 * Lets the changes of one endpoint come one after the other. They would wait for its row nevertheless, but each with a
 * connection of the pool: a hundred at once would leave none to pushes, syncs and deliveries.
 */
export class EndpointTurns {
  private readonly admissions = new Map<string, Admission>();

  /** @throws OverloadedError when too many wait, or it takes too long */
  async run<T>(endpointId: string, change: () => Promise<T>): Promise<T> {
    const admission = this.admissions.get(endpointId) ?? new Admission(LIMITS);
    this.admissions.set(endpointId, admission);
    const leave = await admission.enter('');
    try {
      return await change();
    } finally {
      leave();
      if (admission.isEmpty) this.admissions.delete(endpointId);
    }
  }
}
