import type { EntityManager } from 'typeorm';

/**
 * What a repair recovered, as `mailbox.gap` reports it. Called within the transaction that ends the repair, for what else
 * belongs into it.
 */
export type RepairEnd = (
  manager: EntityManager,
) => Promise<{ recovered: Record<string, number>; complete: boolean }>;
