import type { ErrorCode } from '../../common/error-codes';
import { InboxwireError } from '../../common/inboxwire.error';
import { GmailApiError } from '../../gmail/gmail.errors';

/**
 * What of auth's and Gmail's errors no retry will change: the grant is dead, the account has no Gmail, or Google
 * refuses for good. There is nothing left to stop with such a mailbox.
 */
const FINAL: ReadonlySet<ErrorCode> = new Set([
  'grant_dead',
  'mail_service_not_enabled',
  'oauth_client_deleted',
  'gmail_not_found',
  'gmail_api_not_enabled',
  'admin_policy_enforced',
  'gmail_refused',
]);

/**
 * A 401 under fresh tokens may pass, and the operator may correct what the token endpoint refuses. After so many in a row a
 * deleted account answers like this, or nobody does: the revocation, which needs no access token, must not wait for it.
 */
const PASSING: ReadonlySet<ErrorCode> = new Set([
  'token_rejected',
  'oauth_client_invalid',
  'delegation_denied',
  'delegation_not_configured',
  'service_account_refused',
  'oauth_client_disabled',
  'oauth_client_unauthorized',
  'org_internal',
  'access_denied',
  'invalid_scope',
  'redirect_uri_mismatch',
  'token_refused',
]);
const REJECTIONS_BELIEVED = 3;

/**
 * Whether a step that failed like this counts as done, so that the disconnect still ends.
 *
 * @param failures how often the step has failed in a row, this time included
 */
export function isStepDone(error: unknown, failures: number): boolean {
  if (!(error instanceof InboxwireError)) return false;
  return FINAL.has(error.code) || (mayPass(error) && failures >= REJECTIONS_BELIEVED);
}

/** A 400 that passes mostly is also what Gmail answers for an account that has no Gmail. */
function mayPass(error: InboxwireError): boolean {
  return PASSING.has(error.code) || (error instanceof GmailApiError && error.details.status === 400);
}
