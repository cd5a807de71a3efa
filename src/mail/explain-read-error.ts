import { DelegationError, TokenRefusedError } from '../auth/auth.errors';
import { InboxwireError, NotFoundError } from '../common/inboxwire.error';
import { GmailApiError } from '../gmail/gmail.errors';
import { ReadRefusedError, GoogleUnavailableError, GmailLimitReachedError } from './mail.errors';

/** When it is worth asking again, unless Google says. */
const RETRY_LIMITED_MS = 10_000;
const RETRY_UNAVAILABLE_MS = 5_000;

/** What is read: its kind, and its id. */
export interface Wanted {
  kind: 'message' | 'attachment' | 'messages' | 'labels';
  id: string;
}

/** https://github.com/dust-tt/dust/pull/27314 */
const OF_OLD_IDS =
  'Gmail gives an attachment another id each time its message is read, and may forget the old ones: read the message, and use the id of now.';

/**
 * What the failure of a read means for whoever asked for it. A dead grant is not explained here: the mailbox changes with it.
 *
 * @returns the error itself where there is nothing better to say
 */
export function explainReadError(error: unknown, { kind, id }: Wanted, now = Date.now()): unknown {
  if (error instanceof GmailApiError) {
    const { code, message, details } = error;
    // An id that Gmail cannot even read names nothing.
    const isUnknownId = code === 'gmail_not_found' || (code === 'gmail_refused' && details.status === 400);
    if (isUnknownId && kind === 'message') return new NotFoundError(kind, id);
    if (isUnknownId && kind === 'attachment') return new NotFoundError(kind, id, OF_OLD_IDS);
    if (code === 'rate_limited')
      return new GmailLimitReachedError(
        limited(message),
        details.retryAt ?? new Date(now + RETRY_LIMITED_MS),
      );
    if (!error.retryable) return new ReadRefusedError(message, error);
    return unavailable(error, now);
  }
  if (error instanceof TokenRefusedError || error instanceof DelegationError)
    return new ReadRefusedError(error.message, error);
  return error instanceof InboxwireError && error.code === 'token_endpoint_unavailable'
    ? unavailable(error, now)
    : error;
}

function unavailable(error: Error, now: number): GoogleUnavailableError {
  return new GoogleUnavailableError(
    'Google did not answer as it should. Ask again in a moment.',
    new Date(now + RETRY_UNAVAILABLE_MS),
    error,
  );
}

/** The messages are written for what Inboxwire does by itself. */
function limited(message: string): string {
  return `${message.replace(/; Inboxwire .*$/, '')}. Ask again after the time in \`Retry-After\`.`;
}
