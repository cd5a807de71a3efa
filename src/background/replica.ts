import { randomUUID } from 'node:crypto';

/** Who this process is in a `claimed_by` column. A new name at each start: a restarted process is another replica. */
export const REPLICA = randomUUID();

/** How long a claim lasts unless its replica renews it; what a killed one was doing is free after that. */
export const CLAIM_SECONDS = 12;

/** How often a replica renews its claims. */
export const CLAIM_RENEWAL_INTERVAL_MS = 4_000;
