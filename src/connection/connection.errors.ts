import { InboxwireError } from '../common/inboxwire.error';

/** What can go wrong between the link and the connected mailbox, in words for the `error` of a redirect and for a page. */
export const CONNECT_ERRORS = {
  access_denied: 'Access was not allowed. Open the link again if that was not what you wanted.',
  insufficient_scope:
    'The box that lets Gmail be read was not ticked. Open the link again and tick every box on the page of Google.',
  missing_refresh_token:
    'Google gave no lasting access. Remove the access of this app at https://myaccount.google.com/permissions, then open the link again.',
  mail_service_not_enabled: 'This Google account has no Gmail. Open the link again with another account.',
  invalid_request: 'The answer of Google was not complete. Open the link again.',
  invalid_code: 'The answer of Google was used before, or came too late. Open the link again.',
  invalid_state: 'This page was reached by a way that this service did not begin. Ask for a new link.',
  session_used: 'This link has been used. Ask for a new one if the mailbox is not connected.',
  session_expired: 'This link has expired. Ask for a new one.',
  google_error: 'Google reported an error. Open the link again.',
  temporarily_unavailable:
    'The mailbox could not be connected just now. Wait a moment and open the link again.',
} as const;

export type ConnectErrorCode = keyof typeof CONNECT_ERRORS;

/** The mailbox was not connected. `code` is one of ours, or an error of Google's consent page that is passed on. */
export class ConnectError extends Error {
  constructor(
    readonly code: string,
    cause?: unknown,
  ) {
    super(explain(code), { cause });
    this.name = 'ConnectError';
  }
}

/** The error that Google's consent page came back with: passed on when it looks like one. */
export function consentError(said: string): ConnectError {
  return new ConnectError(/^[a-z_]{1,64}$/.test(said) ? said : 'google_error');
}

/** Whatever went wrong, as a person is told. What is not our own verdict may well succeed at the next try. */
export function toConnectError(error: unknown): ConnectError {
  if (error instanceof ConnectError) return error;
  const code = error instanceof InboxwireError ? error.code : '';
  return new ConnectError(code === 'mail_service_not_enabled' ? code : 'temporarily_unavailable', error);
}

function explain(code: string): string {
  return Object.hasOwn(CONNECT_ERRORS, code)
    ? CONNECT_ERRORS[code as ConnectErrorCode]
    : CONNECT_ERRORS.google_error;
}
