import { InboxwireError } from '../common/inboxwire.error';

/**
 * What of auth's and Gmail's errors no retry will change: the grant is dead, the account has no Gmail, or Google
 * refuses for good. There is nothing left to stop with such a mailbox.
 */
const FINAL: ReadonlySet<string> = new Set([
  'grant_dead',
  'token_rejected',
  'mail_service_not_enabled',
  'gmail_not_found',
  'gmail_refused',
]);

/** Whether a step that failed like this counts as done, so that the disconnect still ends. */
export function isStepDone(error: unknown): boolean {
  return error instanceof InboxwireError && FINAL.has(error.code);
}
