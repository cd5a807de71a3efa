import { describeError } from '../common/describe-error';
import { GrantDeadError, TokenRefusedError, TokenEndpointUnavailableError } from './auth.errors';
import { isRevoked, readTokens } from './token-response';

const NOW = new Date('2026-11-22T08:00:00Z');
const read = (status: number, body: unknown) =>
  readTokens({ status, body: typeof body === 'string' ? body : JSON.stringify(body) }, ['asked'], NOW);

function thrown(work: () => unknown): unknown {
  try {
    return work();
  } catch (error) {
    return error;
  }
}

describe(readTokens, () => {
  it('reads what Google issues', () => {
    const body = { access_token: 'a', expires_in: 3599, refresh_token: 'r', scope: 'x y', id_token: 'i' };
    expect(read(200, body)).toEqual({
      accessToken: 'a',
      accessTokenExpiresAt: new Date('2026-11-22T08:59:59Z'),
      refreshToken: 'r',
      scopes: ['x', 'y'],
      idToken: 'i',
    });
  });

  it('takes no token to live longer than a day', () => {
    const { accessTokenExpiresAt } = read(200, '{"access_token":"a","expires_in":1e300}');
    expect(accessTokenExpiresAt).toEqual(new Date('2026-11-23T08:00:00Z'));
  });

  it('takes the scopes that were asked for when the answer names none', () => {
    expect(read(200, { access_token: 'a', expires_in: 1 }).scopes).toEqual(['asked']);
  });

  it.each([
    [
      { error_subtype: 'invalid_rapt', error_description: 'reauth related error (invalid_rapt)' },
      'invalid_rapt',
    ],
    [
      { error_subtype: 'rapt_required', error_description: 'reauth related error (rapt_required)' },
      'invalid_rapt',
    ],
    [{ error_description: 'Token has been expired or revoked.' }, 'invalid_grant'],
    [{ error_subtype: 'something_new' }, 'invalid_grant'],
  ])('distinguishes session control from other ends of a grant: %j is %s', (more, reason) => {
    const error = thrown(() => read(400, { error: 'invalid_grant', ...more })) as GrantDeadError;
    expect(error).toMatchObject({ code: 'grant_dead', reason });
    expect(error.message.includes('session control')).toBe(reason === 'invalid_rapt');
    expect(error.message.includes('password')).toBe(reason === 'invalid_grant');
  });

  it.each([400, 401])('treats invalid_grant with status %d as the end of the grant', (status) => {
    expect(thrown(() => read(status, { error: 'invalid_grant' }))).toBeInstanceOf(GrantDeadError);
  });

  it.each([
    ['a server error', 503, { error: 'invalid_grant' }],
    ['a rate limit', 429, { error: 'rate_limit_exceeded' }],
    ['a limit of Google', 403, { error: 'rate_limit_exceeded' }],
    ['a failure on its side', 400, { error: 'internal_failure' }],
    ['a refusal in no words of OAuth', 403, { error: { code: 403, status: 'PERMISSION_DENIED' } }],
    ['a proxy that refuses', 403, '<html>forbidden</html>'],
    ['a page of a proxy', 200, '<html>welcome</html>'],
    ['no token', 200, { expires_in: 3600 }],
    ['no lifetime', 200, { access_token: 'a' }],
    ['null', 200, 'null'],
  ])('treats %s as a passing failure', (_name, status, body) => {
    expect(thrown(() => read(status, body))).toBeInstanceOf(TokenEndpointUnavailableError);
  });

  describe.each([400, 401, 403])('with status %d', (status) => {
    it.each([
      ['invalid_client', 'oauth_client_invalid', 'check GOOGLE_CLIENT_ID'],
      ['deleted_client', 'oauth_client_deleted', 'GOOGLE_CLIENT_ID was deleted (deleted_client): restore it'],
      [
        'disabled_client',
        'oauth_client_disabled',
        'GOOGLE_CLIENT_ID is disabled (disabled_client): enable it',
      ],
      ['unauthorized_client', 'oauth_client_unauthorized', 'GOOGLE_CLIENT_ID may not do this'],
      ['unauthorized_client', 'oauth_client_unauthorized', 'Web application'],
      ['admin_policy_enforced', 'admin_policy_enforced', 'https://admin.google.com/ac/owl'],
      ['org_internal', 'org_internal', 'External'],
      ['access_denied', 'access_denied', 'https://admin.google.com/ac/owl'],
      ['policy_enforced', 'access_denied', 'Advanced Protection'],
      ['invalid_scope', 'invalid_scope', 'GMAIL_SCOPES'],
      ['redirect_uri_mismatch', 'redirect_uri_mismatch', '$PUBLIC_URL/auth/google/callback'],
      ['invalid_request', 'token_refused', '(invalid_request)'],
      ['restricted_client', 'token_refused', '(restricted_client)'],
      ['invalid_grant_type', 'token_refused', '(invalid_grant_type)'],
      ['constructor', 'token_refused', '(constructor)'],
    ])('names what a person does about %s', (error, code, remedy) => {
      const refusal = thrown(() => read(status, { error, error_description: 'invalid_grant' }));
      expect(refusal).toBeInstanceOf(TokenRefusedError);
      expect(refusal).toMatchObject({ code, retryable: true, message: expect.stringContaining(remedy) });
      expect((refusal as Error).message).toMatch(
        /https:\/\/(console\.cloud|admin|developers)\.google\.com\//,
      );
    });
  });

  it('ends no grant by a 403, which a proxy may have said', () => {
    expect(thrown(() => read(403, { error: 'invalid_grant' }))).toMatchObject({ code: 'token_refused' });
  });

  it('repeats nothing of a body that echoes secrets', () => {
    const body = { error: 'Bad 1//secret', error_description: '1//secret', error_subtype: 'invalid_rapt' };
    const message = describeError(thrown(() => read(400, body)));
    expect(message).toContain('invalid_rapt');
    expect(message).not.toContain('secret');
  });
});

describe(isRevoked, () => {
  it.each([
    [200, '', true],
    [200, '{}', true],
    [200, '\n<!doctype html><title>Sign in to the network</title>', false],
    [400, '{"error":"invalid_token"}', true],
    [400, '{"error":"invalid_request"}', false],
    [503, '{"error":"invalid_token"}', false],
  ])('classifies %d %s', (status, body, expected) => expect(isRevoked({ status, body })).toBe(expected));
});
