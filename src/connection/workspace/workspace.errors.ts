import { DelegationError, TokenRefusedError } from '../../auth/auth.errors';
import { InboxwireError } from '../../common/inboxwire.error';
import { GmailApiError, GrantDeadError } from '../../gmail/gmail.errors';
import { GoogleRefusedError } from '../../watch/watch.errors';

export class UserNotFoundError extends InboxwireError {
  constructor(emailAddress: string, cause?: unknown) {
    super(
      'user_not_found',
      `Google knows no user ${emailAddress}, or the user is suspended. Check the address at https://admin.google.com/ac/users.`,
      { cause },
    );
  }
}

export class MailServiceNotEnabledError extends InboxwireError {
  constructor(emailAddress: string, cause?: unknown) {
    super(
      'mail_service_not_enabled',
      `${emailAddress} has no Gmail. Turn Gmail on for this user in the Workspace admin console, then try again.`,
      { cause },
    );
  }
}

/** Google gave no answer that could be used, and may give one in a moment. */
export class WorkspaceUnavailableError extends InboxwireError {
  constructor(cause?: unknown, retryAt?: Date) {
    super('google_unavailable', 'Google did not answer as it should. Try again in a moment.', {
      retryable: true,
      cause,
      ...(retryAt && { retryAt }),
    });
  }
}

/** What a user that cannot be connected means for whoever asked for it. @returns the error itself where that says it */
export function explainDelegation(error: unknown, emailAddress: string): unknown {
  if (!(error instanceof InboxwireError) || error instanceof DelegationError) return error;
  if (error instanceof GrantDeadError && error.reason === 'invalid_grant')
    return new UserNotFoundError(emailAddress, error);
  if (error instanceof GmailApiError && lacksGmail(error))
    return new MailServiceNotEnabledError(emailAddress, error);
  const isRefusal = error instanceof TokenRefusedError || !error.retryable;
  return isRefusal
    ? new GoogleRefusedError(error.message, error)
    : new WorkspaceUnavailableError(error, error.retryAt);
}

/** Of the profile Gmail refuses nothing else with 400: its sentence is not always the same. */
function lacksGmail({ code, details }: GmailApiError): boolean {
  return code === 'mail_service_not_enabled' || details.status === 400;
}
