import { isConnectionError } from '../../common/connection-error';
import { InboxwireError } from '../../common/inboxwire.error';
import { MessageUnreadableError } from './sync.errors';

/** After so many attempts without success at one place in the history, its records are taken one by one. */
export const MAX_ATTEMPTS_TOGETHER = 3;

/** After so many more, the record at that place has failed by itself that often, and is skipped. */
export const MAX_ATTEMPTS_ALONE = 3;

/** How a run reads: as usual; record by record; or so, and without the first record. */
export type ReadingMode = 'together' | 'alone' | 'skipping';

/** @param attempts at this place in the history, the one that begins included */
export function readingMode(attempts: number): ReadingMode {
  if (attempts <= MAX_ATTEMPTS_TOGETHER) return 'together';
  return attempts <= MAX_ATTEMPTS_TOGETHER + MAX_ATTEMPTS_ALONE ? 'alone' : 'skipping';
}

/**
 * Whether a run failed for a reason that has nothing to do with the records: Google's, or a database that is away.
 *
 * @param attempts at this place in the history, this one included
 * @param pages how many pages of history it had got: without one, there was no record to fail at
 */
export function isNoFaultOfRecords(error: unknown, attempts: number, pages: number): boolean {
  if (pages === 0 || isConnectionError(error)) return true;
  if (error instanceof MessageUnreadableError || !(error instanceof InboxwireError)) return false;
  // It gave the history and not the messages: reading those one by one shows whether it is one of them.
  const isNotGiven = error.code === 'gmail_unavailable' || error.code === 'gmail_refused';
  // Everything else that Google says is about the mailbox.
  return !isNotGiven || attempts > MAX_ATTEMPTS_TOGETHER;
}
