import { InboxwireError } from '../common/inboxwire.error';

/** Why a mailbox needs its owner's consent again: the `reason` of `mailbox.reauthorization_required`. */
export type ReauthorizationReason = 'invalid_grant' | 'invalid_rapt' | 'insufficient_scope';

/** Google no longer honours the grant, and no retry will change that: only `invalid_grant` and missing permissions say so. */
export class GrantDeadError extends InboxwireError {
  constructor(
    readonly reason: ReauthorizationReason,
    message: string,
    cause?: unknown,
  ) {
    super('grant_dead', message, { cause });
  }
}

/** The token endpoint did not answer, or not sensibly. Says nothing about the grant: try again. */
export class TokenEndpointUnavailableError extends InboxwireError {
  constructor(
    cause: unknown,
    message = "Google's token endpoint did not give an access token; it will be asked again.",
  ) {
    super('token_endpoint_unavailable', message, { retryable: true, cause });
  }
}

/** The stored tokens cannot be decrypted. The grant may well be alive: it works again once the key is back. */
export class GrantUnreadableError extends InboxwireError {
  constructor(cause: unknown) {
    super(
      'grant_unreadable',
      'The stored tokens cannot be read: put the missing key back into ENCRYPTION_KEYS, or connect the mailbox again.',
      { retryable: true, cause },
    );
  }
}

/** An ID token that does not prove who consented. */
export class IdTokenInvalidError extends InboxwireError {
  constructor(reason: string) {
    super('id_token_invalid', `The ID token cannot be used: ${reason}.`);
  }
}

/** What Google's OAuth errors about the client are here, and what the operator does about each. */
export const OAUTH_CLIENT_ERRORS = {
  invalid_client: [
    'oauth_client_invalid',
    'Google does not know this OAuth client (invalid_client): check GOOGLE_CLIENT_ID / GOOGLE_CLIENT_SECRET against',
  ],
  deleted_client: [
    'oauth_client_deleted',
    'The OAuth client was deleted (deleted_client): restore it within 30 days, or make another one and let every owner connect again, at',
  ],
  disabled_client: ['oauth_client_disabled', 'The OAuth client is disabled (disabled_client): enable it at'],
  unauthorized_client: [
    'oauth_client_unauthorized',
    'The OAuth client may not do this (unauthorized_client): it must be of the type "Web application", at',
  ],
} as const;

const CLIENTS_PAGE = 'https://console.cloud.google.com/auth/clients';

/** Google refuses the OAuth client itself: no mailbox is at fault, and only the operator can mend it. */
export class OauthClientError extends InboxwireError {
  constructor(error: keyof typeof OAUTH_CLIENT_ERRORS, cause?: unknown) {
    const [code, remedy] = OAUTH_CLIENT_ERRORS[error];
    super(code, `${remedy} ${CLIENTS_PAGE}.`, { retryable: true, cause });
  }
}
