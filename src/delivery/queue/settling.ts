import { ROW_LOCKED, type RowOutcome } from '../../background/row-batcher';
import { DeliveryLockedError } from '../delivery.errors';

/** Outcomes share commits, one at a time. A row that is locked is waited for as long as any statement may take. */
export const SETTLING = { lanes: 1, maxItems: 1_000, maxLockWaitMs: 10_000 };

/** @throws DeliveryLockedError when the row was locked all the time */
export function whenUnlocked<Out>(outcome: RowOutcome<Out>): Out {
  if (outcome === ROW_LOCKED) throw new DeliveryLockedError();
  return outcome;
}
