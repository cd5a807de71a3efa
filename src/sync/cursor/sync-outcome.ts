import { GmailApiError, GrantDeadError, type ReauthorizationReason } from '../../gmail/gmail.errors';
import { backoff } from '../../background/backoff';
import { type LastError, toLastError } from '../../common/last-error';

const HOUR_MS = 3_600_000;
const FIRST_WAIT_MS = 1_000;
const MAX_WAIT_MS = 300_000;

/** What a failed run leads to: the owner must consent again, or another try after a wait (ms) or at a time of Google's. */
export type SyncFailure =
  | { kind: 'reauthorize'; reason: ReauthorizationReason; error: LastError }
  | { kind: 'retry'; wait: number; notBefore: Date | null; error: LastError };

/** @param failures how many runs failed in a row, this one included */
export function classifySyncFailure(error: unknown, failures: number, now = new Date()): SyncFailure {
  const lastError = toLastError(error, now);
  if (error instanceof GrantDeadError) return { kind: 'reauthorize', reason: error.reason, error: lastError };
  const wait = backoff(failures, FIRST_WAIT_MS, MAX_WAIT_MS);
  if (error instanceof GmailApiError && error.code === 'rate_limited') {
    // Also a wait of our own choosing is Google's wish, and not to be shortened.
    const notBefore = error.details.retryAt ?? new Date(now.getTime() + wait);
    return { kind: 'retry', wait: 0, notBefore, error: lastError };
  }
  const hourly = error instanceof GmailApiError && error.code === 'mail_service_not_enabled';
  return { kind: 'retry', wait: hourly ? HOUR_MS : wait, notBefore: null, error: lastError };
}
