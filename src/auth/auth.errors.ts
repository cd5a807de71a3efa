import { InboxwireError } from '../common/inboxwire.error';
import { explainRefusal } from './explain-refusal';

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
 * can mend it. Tried again all the same, for it works once they have.
 */
export class TokenRefusedError extends InboxwireError {
  /** @param word Google's own, as `admin_policy_enforced` */
  constructor(word: string, cause?: unknown) {
    const { code, remedy } = explainRefusal(word);
    super(code, remedy, { retryable: true, cause });
  }
}
