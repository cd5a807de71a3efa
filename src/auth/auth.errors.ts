import { InboxwireError } from '../common/inboxwire.error';

/** Why a mailbox needs its owner's consent again: the `reason` of `mailbox.reauthorization_required`. */
export type ReauthorizationReason = 'invalid_grant' | 'insufficient_scope';

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
  constructor(cause: unknown) {
    super(
      'token_endpoint_unavailable',
      "Google's token endpoint did not give an access token; it will be asked again.",
      {
        retryable: true,
        cause,
      },
    );
  }
}
