import { GoogleOauthClient } from './google-oauth.client';

const google = {
  clientId: 'client-1',
  clientSecret: 'not-in-any-url',
  origin: undefined,
  gmailScopes: ['https://www.googleapis.com/auth/gmail.readonly'],
  pushTopic: 'projects/p/topics/t',
  revokeUnusableConsents: false,
};
const server = { port: 1, host: '', publicUrl: 'https://mail.example.com', logLevel: 'silent' };
// The pair of RFC 7636, appendix B.
const request = {
  state: 'state-1',
  codeVerifier: 'dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk',
  loginHint: 'ada@example.com',
};

describe(GoogleOauthClient, () => {
  it('asks for offline access, fresh consent and a code bound by PKCE', () => {
    const url = new URL(new GoogleOauthClient(google, server).consentUrl(request));
    expect(url.origin + url.pathname).toBe('https://accounts.google.com/o/oauth2/v2/auth');
    expect(Object.fromEntries(url.searchParams)).toEqual({
      response_type: 'code',
      client_id: 'client-1',
      redirect_uri: 'https://mail.example.com/auth/google/callback',
      scope: 'openid email https://www.googleapis.com/auth/gmail.readonly',
      state: 'state-1',
      code_challenge: 'E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM',
      code_challenge_method: 'S256',
      access_type: 'offline',
      prompt: 'consent',
      login_hint: 'ada@example.com',
    });
  });

  it('goes to the origin that stands in for Google', () => {
    const client = new GoogleOauthClient({ ...google, origin: 'http://127.0.0.1:4000' }, server);
    expect(client.consentUrl({ ...request, loginHint: undefined })).toMatch(
      /^http:\/\/127\.0\.0\.1:4000\/o\/oauth2\/v2\/auth\?(?!.*login_hint)/,
    );
  });
});
