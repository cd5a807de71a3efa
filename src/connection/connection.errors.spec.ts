import { InboxwireError } from '../common/inboxwire.error';
import { ConnectError, consentError, toConnectError } from './connection.errors';

describe(consentError, () => {
  it.each([
    ['access_denied', 'access_denied'],
    ['admin_policy_enforced', 'admin_policy_enforced'],
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

  it('tells that an account has no Gmail', () => {
    const error = new InboxwireError('mail_service_not_enabled', '');
    expect(toConnectError(error).code).toBe('mail_service_not_enabled');
  });

  it.each([new Error('connect ECONNREFUSED'), new InboxwireError('gmail_unavailable', '')])(
    'asks for patience after %s',
    (error) => expect(toConnectError(error)).toMatchObject({ code: 'temporarily_unavailable', cause: error }),
  );
});
