import { randomUUID } from 'node:crypto';

/** Who this process is in a `claimed_by` column. A new name at each start: a restarted process is another replica. */
export const REPLICA = randomUUID();

/** How long, in seconds, a claim lasts unless its replica renews it; what a killed one was doing is free after that. */
export const CLAIM_SECONDS = 12;

/** How often, in milliseconds, a replica renews its claims. */
export const CLAIM_HEARTBEAT = 4_000;
