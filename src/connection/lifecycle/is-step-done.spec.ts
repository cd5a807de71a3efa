import {
  GrantDeadError,
  GrantUnreadableError,
  TokenRefusedError,
  TokenEndpointUnavailableError,
} from '../../auth/auth.errors';
import { InboxwireError } from '../../common/inboxwire.error';
import { GmailApiError } from '../../gmail/gmail.errors';
import { isStepDone } from './is-step-done';

describe(isStepDone, () => {
  it.each([
    [new GrantDeadError('invalid_grant', 'dead'), true],
    [new InboxwireError('mail_service_not_enabled', 'no Gmail'), true],
    [new InboxwireError('gmail_refused', 'no'), true],
    [new TokenRefusedError('deleted_client'), true],
    [new TokenRefusedError('invalid_client'), false],
    [new InboxwireError('gmail_api_not_enabled', 'no'), true],
    [new InboxwireError('admin_policy_enforced', 'no'), true],
    [new InboxwireError('token_rejected', '401', { retryable: true }), false],
    [new InboxwireError('rate_limited', 'slow down', { retryable: true }), false],
    [new InboxwireError('gmail_unavailable', 'away', { retryable: true }), false],
    [new GmailApiError('gmail_unavailable', 'Precondition check failed', { status: 400 }), false],
    [new TokenEndpointUnavailableError(new Error('away')), false],
    [new GrantUnreadableError(new Error('lost key')), false],
    [new Error('a defect'), false],
  ])('classifies %s', (error, done) => expect(isStepDone(error, 1)).toBe(done));

  it.each([
    new InboxwireError('token_rejected', 'still 401', { retryable: true }),
    new GmailApiError('gmail_unavailable', 'Precondition check failed', { status: 400 }),
    new TokenRefusedError('invalid_client'),
    new TokenRefusedError('disabled_client'),
    new TokenRefusedError('org_internal'),
    new TokenRefusedError('access_denied'),
    new TokenRefusedError('invalid_scope'),
    new TokenRefusedError('invalid_request'),
  ])('accepts what stays: %s', (error) => {
    expect(isStepDone(error, 2)).toBe(false);
    expect(isStepDone(error, 3)).toBe(true);
  });
});
