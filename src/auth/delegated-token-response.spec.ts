import { GrantDeadError, ServiceAccountRefusedError } from './auth.errors';
import { readDelegatedTokens } from './delegated-token-response';

describe(readDelegatedTokens, () => {
  const refusal = (error_description: string) => {
    const body = JSON.stringify({ error: 'invalid_grant', error_description });
    try {
      readDelegatedTokens({ status: 400, body }, { clientId: '1', scopes: [] }, new Date());
    } catch (error) {
      return error;
    }
    return undefined;
  };

  it.each([
    ['Invalid JWT Signature.', 'the key of GOOGLE_SERVICE_ACCOUNT_KEY still exists'],
    [
      'Invalid JWT: Token must be a short-lived token (60 minutes) and in a reasonable timeframe.',
      'set the clock',
    ],
    ['Invalid grant: account not found', 'disabled or deleted'],
    ['Robot is disabled.', 'disabled or deleted'],
    ['Robot is missing a project, unable to determine if it is disabled.', 'disabled or deleted'],
    ['java.security.SignatureException: Invalid signature for token: e30', 'still exists'],
    ['No valid verifier found for issuer', 'still exists'],
  ])('does not blame the user when Google refuses the service account: %s', (said, remedy) => {
    const error = refusal(said);
    expect(error).toBeInstanceOf(ServiceAccountRefusedError);
    expect((error as Error).message).toContain(remedy);
  });

  it.each([
    'Invalid email or User ID',
    'Not a valid email or user ID.',
    'The account has been deleted',
    'Account disabled',
    'Bad Request',
    '',
  ])('takes it for a user who is gone or suspended when Google says %j', (said) => {
    expect(refusal(said)).toBeInstanceOf(GrantDeadError);
  });
});
