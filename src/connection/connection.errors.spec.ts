import { InboxwireError } from '../common/inboxwire.error';
import { ConnectError, consentError, toConnectError } from './connection.errors';

describe(consentError, () => {
  it.each([
    ['access_denied', 'access_denied'],
    ['admin_policy_enforced', 'admin_policy_enforced'],
    ['deleted_client', 'oauth_client_deleted'],
    ['', 'google_error'],
    ['<script>', 'google_error'],
    ['a b', 'google_error'],
    ['a'.repeat(65), 'google_error'],
  ])('passes on of %j', (said, code) => expect(consentError(said).code).toBe(code));

  it('has words for an error that is not known', () => {
    expect(consentError('constructor').message).toMatch(/Google reported an error/);
  });
});

describe(toConnectError, () => {
  it('keeps a verdict of our own', () => {
    expect(toConnectError(new ConnectError('invalid_code')).code).toBe('invalid_code');
  });

  it.each([
    'gmail_api_not_enabled',
    'oauth_client_invalid',
    'oauth_client_deleted',
    'oauth_client_unauthorized',
    'org_internal',
    'admin_policy_enforced',
  ])('never tells the owner to try again after %s, and the operator where to mend it', (code) => {
    const error = new ConnectError(code);
    expect(error.mayTryAgain).toBe(false);
    expect(error.message).not.toMatch(/again|moment/);
    expect(error.remedy).toMatch(/https:\/\/(console\.cloud|admin)\.google\.com\//);
  });

  it.each([
    'access_denied',
    'insufficient_scope',
    'account_mismatch',
    'temporarily_unavailable',
    'odd_error',
  ])('lets the owner try again after %s', (code) => expect(new ConnectError(code).mayTryAgain).toBe(true));

  it.each(['wrong_browser', 'session_used', 'session_expired', 'invalid_state'])(
    'offers no other try after %s',
    (code) => expect(new ConnectError(code).mayTryAgain).toBe(false),
  );

  it.each(['mail_service_not_enabled', 'access_denied', 'org_internal', 'token_refused'] as const)(
    'passes on a verdict of Google: %s',
    (code) => expect(toConnectError(new InboxwireError(code, '')).code).toBe(code),
  );

  it.each([new Error('connect ECONNREFUSED'), new InboxwireError('gmail_unavailable', '')])(
    'asks for patience after %s',
    (error) => expect(toConnectError(error)).toMatchObject({ code: 'temporarily_unavailable', cause: error }),
  );
});
