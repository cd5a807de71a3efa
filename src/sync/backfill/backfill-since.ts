import { InvalidValueError } from '../../common/inboxwire.error';
import { readTime } from '../../http/validation';

/** How long a request may be on its way that names the oldest time that is allowed. */
const TOLERANCE_MS = 60_000;

const DAY_MS = 86_400_000;

/** What a time is held against. */
export interface SinceBounds {
  retention: number;
  /** The oldest time is allowed too. */
  force?: boolean | undefined;
  now: number;
}

/**
 * Reads the time since when a mailbox is to be backfilled.
 *
 * @param path the field that it comes from
 * @param text RFC 3339
 * @throws InvalidValueError
 */
export function readBackfillSince(path: string, text: string, { retention, force, now }: SinceBounds): Date {
  const since = readTime(path, text);
  if (since > now) throw new InvalidValueError(path, `${path} must not be in the future`);
  if (!force && since < now - retention - TOLERANCE_MS)
    throw new InvalidValueError(
      path,
      `${path} must be at most ${describeDays(retention)} back (EVENT_RETENTION): events live no longer than that. ` +
        'POST /v1/mailboxes/{id}/backfill takes `force: true`',
    );
  return new Date(since);
}

function describeDays(milliseconds: number): string {
  return milliseconds >= DAY_MS ? `${Math.round(milliseconds / DAY_MS)} days` : `${milliseconds / 1_000} s`;
}
