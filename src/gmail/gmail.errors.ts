import { InboxwireError } from '../common/inboxwire.error';

/** Every call can find the grant dead: whoever calls this module handles it without knowing the one below. */
export { GrantDeadError, type ReauthorizationReason } from '../auth/auth.errors';

/**
 * What Google's refusals mean. The codes appear as `lastError.code` in the API.
 *
 * - `gmail_unavailable`: no answer, a 5xx, or nonsense: try again
 * - `rate_limited`: wait until `retryAt`, or back off
 * - `token_rejected`: 401, for a token that has just been issued
 * - `gmail_not_found`: a message that is gone, or a history that has expired
 * - `mail_service_not_enabled`: the account has no Gmail
 * - `other_watch_client`: another topic still has this mailbox's watch
 * - `topic_permission_denied`, `topic_invalid`, `label_invalid`: the watch cannot be started like this
 * - `gmail_api_not_enabled`, `admin_policy_enforced`: only the operator, or the domain's administrator, can mend it
 * - `gmail_refused`: everything else
 */
export type GmailErrorCode =
  | 'gmail_unavailable'
  | 'rate_limited'
  | 'token_rejected'
  | 'gmail_not_found'
  | 'mail_service_not_enabled'
  | 'other_watch_client'
  | 'topic_permission_denied'
  | 'topic_invalid'
  | 'label_invalid'
  | 'gmail_api_not_enabled'
  | 'admin_policy_enforced'
  | 'gmail_refused';

const RETRYABLE: ReadonlySet<GmailErrorCode> = new Set([
  'gmail_unavailable',
  'rate_limited',
  'token_rejected',
]);

export interface GmailErrorDetails {
  status?: number;
  /** When Google wants to be asked again. */
  retryAt?: Date;
  /** It is the limit of the whole project that was reached, and not that of the mailbox. */
  ofProject?: boolean;
  cause?: unknown;
}

/** An error of the Gmail API in our words. `cause` holds what Google said. */
export class GmailApiError extends InboxwireError {
  constructor(
    override readonly code: GmailErrorCode,
    message: string,
    readonly details: GmailErrorDetails = {},
  ) {
    const { cause, retryAt } = details;
    super(code, message, { retryable: RETRYABLE.has(code), cause, retryAt });
  }
}

/** Google was not asked: what it allows a mailbox, or the project, in a minute is spent. It goes on by itself. */
export class BudgetSpentError extends GmailApiError {
  constructor(
    whose: 'mailbox' | 'project',
    override readonly retryAt: Date,
  ) {
    const message = `Gmail's quota for the ${whose} is used up for the moment; Inboxwire goes on by itself.`;
    super('rate_limited', message, { retryAt });
  }
}
