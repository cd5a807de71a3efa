import { createHash } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { googleUrl } from '../config/google-url';
import { GoogleSettings, ServerSettings } from '../config/settings';
import { IdTokenInvalidError, TokenEndpointUnavailableError } from './auth.errors';
import type { Consent, ConsentRequest, IssuedTokens } from './grant.types';
import { readIdToken } from './id-token';
import { missingScopes } from './scopes';
import { postForm } from './token-endpoint';
import { describeRefusal, isRevoked, type OauthResponse, readTokens } from './token-response';

/** Speaks OAuth to Google for the owners of mailboxes, and stores nothing. */
@Injectable()
export class GoogleOauthClient {
  constructor(
    private readonly google: GoogleSettings,
    private readonly server: ServerSettings,
  ) {}

  /** Where the mailbox owner is sent to consent. */
  consentUrl({ state, codeVerifier, loginHint }: ConsentRequest): string {
    const url = new URL(googleUrl(this.google.origin, 'https://accounts.google.com/o/oauth2/v2/auth'));
    url.search = new URLSearchParams({
      response_type: 'code',
      client_id: this.google.clientId,
      redirect_uri: this.redirectUri,
      scope: this.scopes.join(' '),
      state,
      code_challenge: createHash('sha256').update(codeVerifier).digest('base64url'),
      code_challenge_method: 'S256',
      access_type: 'offline',
      // Google gives a refresh token at the first consent only, unless consent is asked for anew.
      prompt: 'consent',
      ...(loginHint !== undefined && { login_hint: loginHint }),
    }).toString();
    return url.href;
  }

  /** @throws GrantDeadError when the code is not (or no longer) good; IdTokenInvalidError, TokenRefusedError, TokenEndpointUnavailableError */
  async exchange(code: string, codeVerifier: string): Promise<Consent> {
    const { idToken, ...issued } = await this.tokens(
      {
        grant_type: 'authorization_code',
        code,
        code_verifier: codeVerifier,
        redirect_uri: this.redirectUri,
      },
      this.scopes,
    );
    const claims = idToken === undefined ? undefined : readIdToken(idToken, this.google.clientId, new Date());
    return {
      tokens: { ...issued, googleAccountId: claims?.googleAccountId },
      missingScopes: missingScopes(this.google.gmailScopes, issued.scopes),
      emailAddress: claims?.emailAddress,
    };
  }

  /**
   * @param scopes those of the grant, which stay when the answer names none
   * @throws GrantDeadError, TokenEndpointUnavailableError
   */
  async refresh(refreshToken: string, scopes: string[]): Promise<IssuedTokens> {
    const form = { grant_type: 'refresh_token', refresh_token: refreshToken };
    const { idToken, ...tokens } = await this.tokens(form, scopes);
    return { ...tokens, googleAccountId: this.accountOf(idToken) };
  }

  /** An access token is good whatever comes with it: an ID token that is not usable says nothing. */
  private accountOf(idToken: string | undefined): string | undefined {
    try {
      return idToken && readIdToken(idToken, this.google.clientId, new Date()).googleAccountId;
    } catch (error) {
      if (error instanceof IdTokenInvalidError) return undefined;
      throw error;
    }
  }

  /** Ends the whole grant of this user and client. One that is dead already counts as ended. */
  async revoke(token: string): Promise<void> {
    const answer = await this.post('https://oauth2.googleapis.com/revoke', { token });
    if (!isRevoked(answer))
      throw new TokenEndpointUnavailableError(
        describeRefusal(answer),
        'Google did not confirm that the grant is revoked; it will be asked again.',
      );
  }

  private get redirectUri(): string {
    return `${this.server.publicUrl}/auth/google/callback`;
  }

  private get scopes(): string[] {
    return ['openid', 'email', ...this.google.gmailScopes];
  }

  private async tokens(
    form: Record<string, string>,
    scopes: string[],
  ): Promise<ReturnType<typeof readTokens>> {
    const { clientId, clientSecret } = this.google;
    const answer = await this.post('https://oauth2.googleapis.com/token', {
      ...form,
      client_id: clientId,
      client_secret: clientSecret,
    });
    return readTokens(answer, scopes, new Date());
  }

  private post(url: string, form: Record<string, string>): Promise<OauthResponse> {
    return postForm(this.google.origin, url, form);
  }
}
