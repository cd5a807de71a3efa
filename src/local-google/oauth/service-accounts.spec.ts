import { createPrivateKey } from 'node:crypto';
import type { LocalGoogle } from '../local-google';
import { signJwt } from '../keys/jwt';
import { newSigningKey } from '../keys/signing-key';
import { ANN, READONLY, startGoogle } from '../testing/connected';
import type { ServiceAccountKeyFile } from './service-accounts';

const AUDIENCE = 'https://oauth2.googleapis.com/token';

describe('domain-wide delegation', () => {
  let google: LocalGoogle;
  let key: ServiceAccountKeyFile;
  beforeAll(async () => {
    google = await startGoogle();
    google.addAccount(ANN);
    key = await google.serviceAccount([READONLY]);
  });
  afterAll(() => google.stop());

  const now = () => Math.floor(Date.now() / 1_000);
  const claims = (more: object = {}) => ({
    ...{ iss: key.client_email, sub: ANN, scope: READONLY, aud: AUDIENCE, iat: now(), exp: now() + 3_600 },
    ...more,
  });
  const signed = (more: object = {}, kid = key.private_key_id) =>
    signJwt(claims(more), { alg: 'RS256', kid }, createPrivateKey(key.private_key));
  const ask = async (assertion: string): Promise<Record<string, unknown>> => {
    const grant_type = 'urn:ietf:params:oauth:grant-type:jwt-bearer';
    const body = new URLSearchParams({ grant_type, assertion });
    const answer = await fetch(`${google.origin}/token`, { method: 'POST', body });
    return { status: answer.status, ...((await answer.json()) as object) };
  };

  it('gives a token for a user, with no refresh token and no scopes in the answer', async () => {
    const answer = await ask(signed());
    expect(answer).toEqual({
      ...{ status: 200, access_token: expect.any(String), expires_in: 3599, token_type: 'Bearer' },
    });
    const profile = await fetch(`${google.origin}/gmail/v1/users/me/profile`, {
      headers: { authorization: `Bearer ${String(answer.access_token)}` },
    });
    expect(await profile.json()).toMatchObject({ emailAddress: ANN });
  });

  it('is made by the control API too, for the scopes that the administrator enters', async () => {
    const made = await fetch(`${google.origin}/control/service-accounts`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ scopes: [READONLY] }),
    });
    expect(made.status).toBe(201);
    const { client_email: iss, ...file } = (await made.json()) as ServiceAccountKeyFile;
    const assertion = (scope: string) => {
      const header = { alg: 'RS256', kid: file.private_key_id } as const;
      return signJwt(claims({ iss, scope }), header, createPrivateKey(file.private_key));
    };
    expect(await ask(assertion(READONLY))).toMatchObject({ status: 200 });
    expect(await ask(assertion('https://mail.google.com/'))).toMatchObject({ error: 'unauthorized_client' });
  });

  it.each([
    ['another audience', { aud: 'https://accounts.google.com/o/oauth2/token' }, 'Failed audience check'],
    ['a life of more than an hour', { exp: now() + 3_700 }, 'short-lived'],
    ['an end in the past', { iat: now() - 4_000, exp: now() - 400 }, 'short-lived'],
    ['a beginning in the future', { iat: now() + 1_000, exp: now() + 2_000 }, 'short-lived'],
    ['no beginning', { iat: undefined }, 'short-lived'],
    ['an unknown account', { iss: 'x@p.iam.gserviceaccount.com' }, 'account not found'],
    ['no subject', { sub: undefined }, 'Not a valid email'],
    ['a subject who is nobody', { sub: 'nobody@example.com' }, 'Invalid email or User ID'],
  ])('refuses an assertion with %s as invalid_grant', async (_, wrong, description) => {
    expect(await ask(signed(wrong))).toMatchObject({
      ...{ status: 400, error: 'invalid_grant', error_description: expect.stringContaining(description) },
    });
  });

  it('refuses another key, another algorithm and what is no assertion', async () => {
    const other = (await newSigningKey()).privateKey;
    const forged = [
      signJwt(claims(), { alg: 'RS256', kid: key.private_key_id }, other),
      signJwt(claims(), { alg: 'HS256', kid: key.private_key_id }, 'secret'),
      signed({}, 'unknown'),
      'x',
    ];
    for (const assertion of forged) expect(await ask(assertion)).toMatchObject({ error: 'invalid_grant' });
  });

  it('refuses scopes that no administrator has authorized, and users of gmail.com', async () => {
    const scope = `${READONLY} https://www.googleapis.com/auth/gmail.modify`;
    for (const wrong of [{ scope }, { sub: 'ann@gmail.com' }])
      expect(await ask(signed(wrong))).toMatchObject({ status: 401, error: 'unauthorized_client' });
    expect(await ask(signed({ scope: '' }))).toMatchObject({ status: 400, error: 'invalid_scope' });
  });
});
