export type WatchStatus = 'active' | 'expired' | 'stopped' | 'failed';

export interface WatchFacts {
  requestedAt: Date;
  expiresAt: Date | null;
  stoppedAt: Date | null;
}

/**
 * The status of a watch, from the facts: `active` while unexpired, `expired` when it ran out, `failed` when none has
 * lived since it was last asked for, `stopped` after a DELETE.
 *
 * @param now by the database's clock
 */
export function watchStatus({ requestedAt, expiresAt, stoppedAt }: WatchFacts, now: Date): WatchStatus {
  if (stoppedAt) return 'stopped';
  if (!expiresAt) return 'failed';
  if (expiresAt > now) return 'active';
  return expiresAt > requestedAt ? 'expired' : 'failed';
}
