import { InboxwireError } from '../common/inboxwire.error';
import { explainRefusal } from './explain-token-refusal';

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

/**
 * Google refuses this application, or what it asks for: the token is not at fault, and only the operator or an administrator
 * can mend it. Tried again nevertheless, for it works once they have.
 */
export class TokenRefusedError extends InboxwireError {
  /** @param word Google's own, as `admin_policy_enforced` */
  constructor(word: string, cause?: unknown) {
    const { code, remedy } = explainRefusal(word);
    super(code, remedy, { retryable: true, cause });
  }
}

/** What keeps the service account from acting for a user, whoever it is: only the operator or an administrator can mend it. */
export class DelegationError extends InboxwireError {}

/** There is no service account to act for the users of a Google Workspace. */
export class DelegationNotConfiguredError extends DelegationError {
  constructor() {
    super(
      'delegation_not_configured',
      'Set GOOGLE_SERVICE_ACCOUNT_KEY to the key file of a service account with domain-wide delegation, and start again; or ' +
        'connect the mailbox by a consent, with POST /v1/connect-sessions.',
      { retryable: true },
    );
  }
}

/** No administrator has authorized the service account for these scopes, or Google does not know of it yet. Tried again. */
export class DelegationDeniedError extends DelegationError {
  constructor({ clientId, scopes }: { clientId: string; scopes: readonly string[] }, cause?: unknown) {
    super(
      'delegation_denied',
      'The Google Workspace of this address does not let the service account read its mail (unauthorized_client). A super administrator ' +
        `enters the client id ${clientId} with the scopes ${scopes.join(',')} at ` +
        'https://admin.google.com/ac/owl/domainwidedelegation ; it takes up to a day to hold. Addresses of gmail.com belong to no ' +
        'Workspace: their owners consent.',
      { retryable: true, cause },
    );
  }
}

const SERVICE_ACCOUNTS = 'https://console.cloud.google.com/iam-admin/serviceaccounts';

function refusedBy(said: string): string {
  if (/iat|exp\b|reasonable timeframe/i.test(said)) return "'s signature: set the clock of this host";
  return /\brobot\b|account|project/i.test(said)
    ? ': it is disabled or deleted, or its project or the owner of that is suspended. Enable or restore that of ' +
        `GOOGLE_SERVICE_ACCOUNT_KEY at ${SERVICE_ACCOUNTS}`
    : `'s signature: check that the key of GOOGLE_SERVICE_ACCOUNT_KEY still exists, at ${SERVICE_ACCOUNTS}`;
}

/** Google does not take the assertion, whoever it is for: the key, its account or the clock is at fault. Tried again. */
export class ServiceAccountRefusedError extends DelegationError {
  constructor(said: string, cause?: unknown) {
    super('service_account_refused', `Google does not accept the service account${refusedBy(said)}.`, {
      retryable: true,
      cause,
    });
  }
}
