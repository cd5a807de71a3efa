/** The tokens that an authorization code or a refresh token was exchanged for. */
export interface IssuedTokens {
  accessToken: string;
  accessTokenExpiresAt: Date;
  refreshToken: string | undefined;
  scopes: string[];
  /** The account that the ID token names, when one came with them. */
  googleAccountId?: string | undefined;
}

/** What a mailbox owner's visit to Google brought. */
export interface Consent {
  tokens: IssuedTokens;
  /** The Gmail scopes of the settings that the owner did not allow (an unticked box). */
  missingScopes: string[];
  /** The address that the id token names, for consents with which Gmail cannot be asked. */
  emailAddress: string | undefined;
}

/** What the consent page of Google is opened with. */
export interface ConsentRequest {
  state: string;
  codeVerifier: string;
  loginHint: string | undefined;
}
