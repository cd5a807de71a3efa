import { createHash } from 'node:crypto';
import { backoff } from '../background/backoff';

/** An account without Gmail is asked again after this. */
const WITHOUT_GMAIL_INTERVAL_MS = 3_600_000;

/** With no watch left no notification of the mailbox comes: it is tried again after so many runs of the job at most. */
const MAX_RUNS_WITHOUT_WATCH = 5;

/** The earliest renewal, as a part of the life that was granted: whatever the settings, renewals do not chase each other. */
const MIN_PART_OF_LIFE = 1 / 3;

/** Where that leaves no room for the stable spread, renewals are spread over this part of the life after it. */
const SPREAD_OF_LIFE = 1 / 12;

/** Gmail lets no watch live longer, whatever an answer says: https://developers.google.com/workspace/gmail/api/guides/push#renewing_mailbox_watch */
const MAX_LIFE_MS = 7 * 24 * 3_600_000;

/** A watch that has run out when it is granted, by a clock that is wrong, is asked for again after this. */
const WITHOUT_LIFE_INTERVAL_MS = 60_000;

/**
 * When a watch that was just granted is renewed: `renewBefore` ahead of its expiry, and up to a quarter of that earlier,
 * by an amount that is always the same for a mailbox. So the renewals of a fleet that was connected at once spread out.
 * Never before a third of the life that was granted has passed.
 *
 * @param watch.grantedAt now, by the database's clock
 * @param renewBefore milliseconds
 */
export function renewalTime(
  mailboxId: string,
  watch: { grantedAt: Date; expiresAt: Date },
  renewBefore: number,
): Date {
  const granted = watch.grantedAt.getTime();
  const life = Math.min(watch.expiresAt.getTime() - granted, MAX_LIFE_MS);
  if (life <= 0) return new Date(granted + WITHOUT_LIFE_INTERVAL_MS);
  const earliest = granted + life * MIN_PART_OF_LIFE;
  const wanted = granted + life - renewBefore;
  const latest = wanted >= earliest ? wanted : earliest + life * SPREAD_OF_LIFE;
  const spread = Math.min(renewBefore / 4, latest - earliest);
  return new Date(latest - fractionOf(mailboxId) * spread);
}

/** Between 0 and 1, and always the same for a mailbox. */
function fractionOf(mailboxId: string): number {
  return createHash('sha256').update(mailboxId).digest().readUInt32BE(0) / 2 ** 32;
}

/**
 * When a watch that was refused is tried again: at the next run of the job, then ever later, but never after more than a
 * tenth of the time that the watch has left (contract, section 6). An account without Gmail is asked hourly.
 *
 * @param refusal.failures refusals in a row, from 1
 * @param refusal.interval milliseconds between two runs of the job
 * @param refusal.expiresAt when the watch that was granted before runs out
 * @param now by the database's clock
 */
export function retryTime(
  refusal: { failures: number; code: string; interval: number; expiresAt: Date | null },
  now: Date,
): Date {
  const { failures, interval } = refusal;
  if (refusal.code === 'mail_service_not_enabled') return new Date(now.getTime() + WITHOUT_GMAIL_INTERVAL_MS);
  const left = refusal.expiresAt ? refusal.expiresAt.getTime() - now.getTime() : 0;
  const cap = Math.max(interval, left > 0 ? left / 10 : interval * MAX_RUNS_WITHOUT_WATCH);
  return new Date(now.getTime() + (failures === 1 ? interval : backoff(failures, interval, cap)));
}

/** Whether a run of failures is to be reported: a refusal at once, an answer that failed to come when it keeps failing. */
export function worthReporting(failures: number, isRefusal: boolean): boolean {
  return isRefusal || failures >= 3;
}
