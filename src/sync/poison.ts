import { isConnectionError } from '../common/connection-error';
import { InboxwireError } from '../common/inboxwire.error';

/** After so many attempts in vain at one place in the history, its records are taken one by one. */
export const ATTEMPTS_TOGETHER = 3;

/** After so many more, the record at that place has failed by itself that often, and is passed over. */
const ATTEMPTS_ALONE = 3;

/** How a run reads: as usual; record by record; or so, and with the first record passed over. */
export type ReadingMode = 'together' | 'alone' | 'passing_over';

/** @param attempts at this place in the history, the one that begins included */
export function readingMode(attempts: number): ReadingMode {
  if (attempts <= ATTEMPTS_TOGETHER) return 'together';
  return attempts <= ATTEMPTS_TOGETHER + ATTEMPTS_ALONE ? 'alone' : 'passing_over';
}

/**
 * Whether a run failed for a reason that has nothing to do with the records: Google's, or a database that is away.
 *
 * @param pages how many pages of history it had got: without one, there was no record to fail at
 */
export function isNoFaultOfRecords(error: unknown, pages: number): boolean {
  if (pages === 0 || isConnectionError(error)) return true;
  // Everything else that Google says is about the mailbox; this may be about the one message that was asked for.
  return error instanceof InboxwireError && error.code !== 'gmail_refused';
}
