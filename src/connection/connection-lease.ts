/**
 * Connecting a mailbox and each step of disconnecting it keep each other out, across replicas: a stop or a revocation
 * under way must not hit the watch and the grant of a mailbox that is being connected again.
 */
export function connectionLease(mailboxId: string): string {
  return `connection:${mailboxId}`;
}

/** A dead holder is got over in time for others to finish its work within 20 s. */
export const CONNECTION_LEASE = { ttl: 15_000, wait: 16_000 };
