import { InboxwireError } from '../common/inboxwire.error';

/** What a call needs beyond the headers, labels and snippets that every grant allows. */
export type Need = 'content' | 'search' | 'change';

const AND_CONNECT_AGAIN = 'and let the owner connect the mailbox again.';

const REMEDIES: Record<Need, string> = {
  content:
    'The grant of this mailbox allows headers, labels and snippets only. Ask for `format=metadata`; or set GMAIL_SCOPES to ' +
    `https://www.googleapis.com/auth/gmail.readonly ${AND_CONNECT_AGAIN}`,
  search:
    'The grant of this mailbox allows no searches. Leave out `q`; or set GMAIL_SCOPES to ' +
    `https://www.googleapis.com/auth/gmail.readonly ${AND_CONNECT_AGAIN}`,
  change:
    'The grant of this mailbox allows no changes. Set GMAIL_SCOPES to https://www.googleapis.com/auth/gmail.modify ' +
    AND_CONNECT_AGAIN,
};

/** The owner granted less than this needs. Google was not asked, or said so. */
export class InsufficientScopeError extends InboxwireError {
  constructor(need: Need = 'content', cause?: unknown) {
    super('insufficient_scope', REMEDIES[need], { cause });
  }
}

/** What Google allows this mailbox, or the project, is used up, or Google wants to be left alone. */
export class GmailLimitReachedError extends InboxwireError {
  constructor(message: string, retryAt: Date) {
    super('rate_limited', message, { retryable: true, retryAt });
  }
}

/** Google gave no answer that could be used, and may give one in a moment. */
export class GoogleUnavailableError extends InboxwireError {
  constructor(message: string, retryAt: Date, cause: unknown) {
    super('google_unavailable', message, { retryable: true, retryAt, cause });
  }
}

/** Google answered, and will answer the same again. */
export class ReadRefusedError extends InboxwireError {
  constructor(message: string, cause: unknown) {
    super('google_refused', message, { cause });
  }
}

/** Nobody waits for the answer any more. */
export class ClientGoneError extends InboxwireError {
  constructor() {
    super('client_gone', 'The client has hung up.');
  }
}
