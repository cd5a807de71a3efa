import { Injectable } from '@nestjs/common';
import { sign } from 'jsonwebtoken';
import { GoogleSettings } from '../config/settings';
import type { ServiceAccountKey } from '../config/service-account-key';
import { DelegationNotConfiguredError } from './auth.errors';
import type { IssuedTokens } from './grant.types';
import { readDelegatedTokens } from './delegated-token-response';
import { postForm } from './token-endpoint';

/** Where the assertion is sent, and for whom it is, whatever `token_uri` the key file names. */
const TOKEN_URL = 'https://oauth2.googleapis.com/token';

/** Google takes no assertion that lives longer. */
const LIFE_SECONDS = 3_600;

/** Clocks differ: an assertion from the future is refused. */
const BACKDATED_SECONDS = 60;

/**
 * Gets access tokens for users of a Google Workspace by the JWT bearer grant: a service account that the administrator trusts
 * acts for them, and nobody consents. Stores nothing.
 *
 * @see https://developers.google.com/identity/protocols/oauth2/service-account#authorizingrequests
 */
@Injectable()
export class DelegationClient {
  constructor(private readonly google: GoogleSettings) {}

  /** @throws DelegationNotConfiguredError */
  requireKey(): ServiceAccountKey {
    const { serviceAccount } = this.google;
    if (!serviceAccount) throw new DelegationNotConfiguredError();
    return serviceAccount;
  }

  /**
   * An access token with which the mail of a user is read.
   *
   * @throws DelegationNotConfiguredError, DelegationDeniedError, ServiceAccountRefusedError, TokenEndpointUnavailableError
   * @throws GrantDeadError when there is no such user
   */
  async accessToken(emailAddress: string): Promise<IssuedTokens> {
    const key = this.requireKey();
    const { gmailScopes, origin } = this.google;
    const answer = await postForm(origin, TOKEN_URL, {
      grant_type: 'urn:ietf:params:oauth:grant-type:jwt-bearer',
      assertion: this.assertion(key, emailAddress),
    });
    return readDelegatedTokens(answer, { clientId: key.clientId, scopes: gmailScopes }, new Date());
  }

  private assertion({ clientEmail, privateKey, privateKeyId }: ServiceAccountKey, subject: string): string {
    const iat = Math.floor(Date.now() / 1_000) - BACKDATED_SECONDS;
    const claims = {
      iss: clientEmail,
      sub: subject,
      scope: this.google.gmailScopes.join(' '),
      aud: TOKEN_URL,
    };
    return sign({ ...claims, iat, exp: iat + LIFE_SECONDS }, privateKey, {
      algorithm: 'RS256',
      ...(privateKeyId !== undefined && { keyid: privateKeyId }),
    });
  }
}
