import { createHash } from 'node:crypto';
import { backoff } from '../background/backoff';

const HOUR = 3_600_000;

/** With no watch left nothing is heard of the mailbox: it is tried again after so many looks of the job at most. */
const MOST_LOOKS_WITHOUT_WATCH = 5;

/**
 * When a watch that was just granted is renewed: `renewBefore` ahead of its expiry, and up to a quarter of that earlier,
 * by an amount that is always the same for a mailbox. So the renewals of a fleet that was connected at once spread out.
 *
 * @param renewBefore milliseconds
 */
export function renewalTime(mailboxId: string, expiresAt: Date, renewBefore: number): Date {
  const fraction = createHash('sha256').update(mailboxId).digest().readUInt32BE(0) / 2 ** 32;
  return new Date(expiresAt.getTime() - renewBefore - (fraction * renewBefore) / 4);
}

/**
 * When a watch that was refused is tried again: at the next look of the job, then ever later, but never after more than a
 * tenth of the time that the watch has left (contract, section 6). An account without Gmail is asked hourly.
 *
 * @param refusal.failures refusals in a row, from 1
 * @param refusal.interval milliseconds between two looks of the job
 * @param refusal.expiresAt when the watch that was granted before runs out
 */
export function retryTime(
  refusal: { failures: number; code: string; interval: number; expiresAt: Date | null },
  now = new Date(),
): Date {
  const { failures, interval } = refusal;
  if (refusal.code === 'mail_service_not_enabled') return new Date(now.getTime() + HOUR);
  const left = refusal.expiresAt ? refusal.expiresAt.getTime() - now.getTime() : 0;
  const cap = Math.max(interval, left > 0 ? left / 10 : interval * MOST_LOOKS_WITHOUT_WATCH);
  return new Date(now.getTime() + (failures === 1 ? interval : backoff(failures, interval, cap)));
}

/** Whether a run of failures is to be told: a refusal at once, an answer that failed to come when it keeps failing. */
export function worthReporting(failures: number, isRefusal: boolean): boolean {
  return isRefusal || failures >= 3;
}
