import {
  DelegationDeniedError,
  GrantDeadError,
  ServiceAccountRefusedError,
  TokenRefusedError,
} from './auth.errors';
import type { IssuedTokens } from './grant.types';
import { describeRefusal, type OauthResponse, readTokens, refusalOf } from './token-response';

/** What was asked for. */
export interface Delegation {
  /** The id of the service account, by which an administrator authorizes it. */
  clientId: string;
  scopes: string[];
}

const NO_SUCH_USER =
  'Google knows no such user (any more), or the user is suspended (invalid_grant). Check the address at ' +
  'https://admin.google.com/ac/users; then POST it to /v1/mailboxes again, which goes on where it stopped.';

/**
 * Google refuses the key, or the service account ("robot") itself, and says nothing of the user:
 * https://github.com/googleapis/google-api-ruby-client/issues/720
 */
const OF_THE_KEY =
  /^invalid jwt\b|\baccount not found\b|\brobot is\b|\bservice account\b|invalid signature|no valid verifier/i;

/** A user who was deleted long ago. */
const OF_THE_USER = /impersonation|\bsub\b/i;

/** Google says either when the administrator has not authorized the client, or not for these scopes. */
const NOT_DELEGATED: ReadonlySet<string> = new Set(['unauthorized_client', 'access_denied']);

/**
 * Reads the answer of the token endpoint to an assertion. Its errors mean other things than those of a refresh token: they are
 * about the service account, or about the user that it acts for.
 *
 * @throws GrantDeadError when there is no such user; DelegationDeniedError, ServiceAccountRefusedError, and what `readTokens` throws
 */
export function readDelegatedTokens(answer: OauthResponse, delegation: Delegation, now: Date): IssuedTokens {
  const { error, description } = refusalOf(answer);
  if (error !== undefined) {
    const cause = describeRefusal(answer);
    if (NOT_DELEGATED.has(error)) throw new DelegationDeniedError(delegation, cause);
    if (error === 'invalid_client' || (error === 'invalid_grant' && OF_THE_KEY.test(description)))
      throw new ServiceAccountRefusedError(description, cause);
    if (error === 'invalid_grant' || (error === 'invalid_request' && OF_THE_USER.test(description)))
      throw new GrantDeadError('invalid_grant', NO_SUCH_USER, cause);
    throw new TokenRefusedError(error, cause);
  }
  const { accessToken, accessTokenExpiresAt, scopes } = readTokens(answer, delegation.scopes, now);
  return { accessToken, accessTokenExpiresAt, scopes, refreshToken: undefined };
}
