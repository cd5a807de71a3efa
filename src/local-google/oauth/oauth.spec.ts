import { createHash } from 'node:crypto';
import type { LocalGoogle } from '../local-google';
import {
  ANN,
  CLIENT,
  connect,
  METADATA_SCOPE,
  oauthClient,
  READONLY,
  refusal,
  startGoogle,
} from '../testing/connected';

const REDIRECT = 'http://localhost:9/callback';
const VERIFIER = 'a-verifier-that-is-long-enough-for-the-rules-of-pkce';

type TokenResponse = Record<string, string>;

describe('OAuth', () => {
  let google: LocalGoogle;

  beforeEach(async () => {
    google = await startGoogle({ redirectUris: ['https://gateway.example/callback'] });
    google.addAccount(ANN);
  });

  afterEach(() => google.stop());

  const authUrl = (parameters: Record<string, string> = {}): string => {
    const url = new URL('/o/oauth2/v2/auth', google.origin);
    const defaults = {
      client_id: CLIENT.clientId,
      redirect_uri: REDIRECT,
      response_type: 'code',
      state: 's-1',
    };
    const asked = { ...defaults, scope: `openid email ${READONLY}`, access_type: 'offline', ...parameters };
    for (const [name, value] of Object.entries(asked)) url.searchParams.set(name, value);
    return url.href;
  };

  const consent = async (
    parameters?: Record<string, string>,
    scopes?: string[],
  ): Promise<URLSearchParams> => {
    const location = await google.consent(authUrl(parameters), { account: ANN, grantedScopes: scopes });
    return new URL(location).searchParams;
  };

  const post = async (
    path: string,
    form: Record<string, string>,
    headers = {},
  ): Promise<[number, TokenResponse]> => {
    const answer = await fetch(google.origin + path, {
      method: 'POST',
      body: new URLSearchParams(form),
      headers,
    });
    return [answer.status, (await answer.json()) as TokenResponse];
  };

  const token = (form: Record<string, string>): Promise<[number, TokenResponse]> => {
    const { clientId: client_id, clientSecret: client_secret } = CLIENT;
    return post('/token', { client_id, client_secret, redirect_uri: REDIRECT, ...form });
  };

  const redeem = (code: string | null, more = {}): Promise<[number, TokenResponse]> =>
    token({ grant_type: 'authorization_code', code: code ?? '', ...more });

  it('returns a code and the state, and what the user ticked as scope', async () => {
    const back = await consent({ prompt: 'consent' });
    expect(back.get('state')).toBe('s-1');
    const [status, body] = await redeem(back.get('code'));
    expect(status).toBe(200);
    expect(body).toMatchObject({ expires_in: 3599, token_type: 'Bearer' });
    expect(body.refresh_token).toMatch(/^1\/\/0/);
    expect(body.scope?.split(' ')).toEqual([
      'openid',
      'https://www.googleapis.com/auth/userinfo.email',
      READONLY,
    ]);
  });

  it('keeps the identity scopes when every box is unticked', async () => {
    const back = await consent({}, []);
    expect(back.get('scope')).toBe('openid https://www.googleapis.com/auth/userinfo.email');
  });

  it('returns access_denied when the user refuses', async () => {
    const location = await google.consent(authUrl(), { account: ANN, approve: false });
    const { searchParams } = new URL(location);
    expect(searchParams.get('error')).toBe('access_denied');
    expect(searchParams.get('state')).toBe('s-1');
    expect(google.grantOf(ANN)).toBeNull();
  });

  it.each<[Record<string, string>, number, string]>([
    [{ client_id: 'unknown' }, 401, 'invalid_client'],
    [{ redirect_uri: 'https://evil.example/callback' }, 400, 'redirect_uri_mismatch'],
    [{ response_type: 'token' }, 400, 'unsupported_response_type'],
    [{ scope: '' }, 400, 'invalid_request'],
    [{ code_challenge: 'short' }, 400, 'invalid_request'],
  ])('shows an error page for %j', async (parameters, status, error) => {
    const answer = await fetch(authUrl(parameters));
    expect(answer.status).toBe(status);
    expect(await answer.text()).toContain(error);
  });

  it('accepts a registered redirect address', async () => {
    const redirect_uri = 'https://gateway.example/callback';
    const location = await google.consent(authUrl({ redirect_uri }), { account: ANN });
    expect(location).toContain(`${redirect_uri}?`);
  });

  it.each([
    'http://localhost/',
    'http://localhost:1/callback',
    'http://127.0.0.1:65535/auth/google/callback?x=1',
    'http://127.8.9.10:3000/a',
    'http://[::1]:3000/callback',
  ])('accepts the redirect address %s on loopback, which nobody has registered', async (redirect_uri) => {
    const location = await google.consent(authUrl({ redirect_uri }), { account: ANN });
    expect(new URL(location).origin).toBe(new URL(redirect_uri).origin);
    const code = new URL(location).searchParams.get('code');
    expect((await redeem(code, { redirect_uri }))[0]).toBe(200);
  });

  it('takes a code once, within ten minutes, for its redirect address', async () => {
    const code = (await consent()).get('code');
    expect(await redeem(code, { redirect_uri: 'http://localhost:9/x' })).toMatchObject([
      400,
      { error: 'redirect_uri_mismatch' },
    ]);
    expect((await redeem(code))[0]).toBe(200);
    expect(await redeem(code)).toMatchObject([400, { error: 'invalid_grant' }]);
    const late = (await consent()).get('code');
    google.clock.advance(10 * 60_000);
    expect(await redeem(late)).toMatchObject([400, { error: 'invalid_grant' }]);
  });

  it('checks the PKCE verifier', async () => {
    const code_challenge = createHash('sha256').update(VERIFIER).digest('base64url');
    const pkce = { code_challenge, code_challenge_method: 'S256' };
    const fresh = async (): Promise<string | null> => (await consent(pkce)).get('code');
    expect(await redeem(await fresh())).toMatchObject([400, { error_description: 'Missing code verifier.' }]);
    expect(await redeem(await fresh(), { code_verifier: 'wrong' })).toMatchObject([
      400,
      { error: 'invalid_grant', error_description: 'Invalid code verifier.' },
    ]);
    expect((await redeem(await fresh(), { code_verifier: VERIFIER }))[0]).toBe(200);
  });

  it('gives a refresh token at the first grant, and later only when consent is asked for', async () => {
    const given = async (parameters: Record<string, string>): Promise<boolean> =>
      'refresh_token' in (await redeem((await consent(parameters)).get('code')))[1];
    expect(await given({ access_type: 'online' })).toBe(false);
    google.revokeByUser(ANN);
    expect(await given({})).toBe(true);
    expect(await given({})).toBe(false);
    expect(await given({ prompt: 'consent' })).toBe(true);
  });

  it('authenticates the client in the form or by Basic', async () => {
    const form = { grant_type: 'refresh_token', refresh_token: 'x' };
    expect(await token({ ...form, client_secret: 'wrong' })).toMatchObject([
      401,
      { error: 'invalid_client' },
    ]);
    const authorization = `Basic ${Buffer.from(`${CLIENT.clientId}:${CLIENT.clientSecret}`).toString('base64')}`;
    expect(await post('/token', form, { authorization })).toMatchObject([400, { error: 'invalid_grant' }]);
    expect(await token({ grant_type: 'password' })).toMatchObject([400, { error: 'unsupported_grant_type' }]);
  });

  it('refreshes until the user removes the app', async () => {
    const { oauth, gmail } = await connect(google, READONLY);
    const before = oauth.credentials.access_token;
    await oauth.refreshAccessToken();
    expect(oauth.credentials.access_token).not.toBe(before);
    google.revokeByUser(ANN);
    expect(
      (await token({ grant_type: 'refresh_token', refresh_token: oauth.credentials.refresh_token ?? '' }))[1],
    ).toEqual({
      error: 'invalid_grant',
      error_description: 'Token has been expired or revoked.',
    });
    delete oauth.credentials.refresh_token;
    expect(await refusal(gmail.users.getProfile({ userId: 'me' }))).toMatchObject({
      status: 401,
      error: { code: 401, status: 'UNAUTHENTICATED', errors: [{ reason: 'authError' }] },
    });
  });

  it('ends the whole grant by any of its tokens, in the query or in the form', async () => {
    const first = await connect(google, READONLY);
    const second = await connect(google, METADATA_SCOPE);
    await second.oauth.revokeToken(second.accessToken);
    expect(google.grantOf(ANN)).toBeNull();
    expect(await post('/revoke', { token: first.oauth.credentials.refresh_token ?? '' })).toMatchObject([
      400,
      { error: 'invalid_token' },
    ]);
    const third = await connect(google);
    expect(await post('/revoke', { token: third.oauth.credentials.refresh_token ?? '' })).toEqual([200, {}]);
  });

  it('drops the oldest of more than 100 refresh tokens', async () => {
    const { oauth } = await connect(google);
    const oldest = oauth.credentials.refresh_token ?? '';
    for (let i = 0; i < 100; i += 1) await redeem((await consent({ prompt: 'consent' })).get('code'));
    expect(google.grantOf(ANN)?.refreshTokens).toHaveLength(100);
    expect((await token({ grant_type: 'refresh_token', refresh_token: oldest }))[1].error).toBe(
      'invalid_grant',
    );
  });

  it('lets a new password end the refresh tokens but not the access token', async () => {
    const { oauth, gmail } = await connect(google);
    google.passwordChanged(ANN);
    expect((await gmail.users.getProfile({ userId: 'me' })).status).toBe(200);
    await expect(oauth.refreshAccessToken()).rejects.toThrow('invalid_grant');
  });

  it('refuses overlapping refreshes when it is strict', async () => {
    const { oauth } = await connect(google);
    const form = { grant_type: 'refresh_token', refresh_token: oauth.credentials.refresh_token ?? '' };
    google.switches.strictRefreshMs = 30;
    const statuses = (await Promise.all([token(form), token(form)])).map(([status]) => status);
    expect(statuses.sort()).toEqual([200, 400]);
    expect((await token(form))[0]).toBe(200);
  });

  it('signs an id token that the official client accepts', async () => {
    const { oauth } = await connect(google);
    const idToken = oauth.credentials.id_token ?? '';
    const ticket = await oauthClient(google).verifyIdToken({ idToken, audience: CLIENT.clientId });
    expect(ticket.getPayload()).toMatchObject({ email: ANN, email_verified: true, aud: CLIENT.clientId });
  });
});
