import { InboxwireError } from '../inboxwire.error';

/** The database does not answer, or takes no writes. */
export class UnavailableError extends InboxwireError {
  constructor(cause?: unknown) {
    super('unavailable', 'The database is out of reach. Try again in a moment.', { retryable: true, cause });
  }
}
