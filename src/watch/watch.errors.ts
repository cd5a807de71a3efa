import { InboxwireError } from '../common/inboxwire.error';

/** Google did not do what was asked, for a reason that the message explains. */
export class GoogleRefusedError extends InboxwireError {
  constructor(message: string, cause: unknown) {
    super('google_refused', message, { cause, retryable: true });
  }
}
