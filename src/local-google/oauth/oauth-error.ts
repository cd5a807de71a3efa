import { json, type HttpResponse } from '../http/exchange';

/** A refusal in the shape of RFC 6749, section 5.2, as oauth2.googleapis.com words it. */
export class OAuthError extends Error {
  constructor(
    readonly status: number,
    readonly error: string,
    readonly description?: string,
  ) {
    super(description ?? error);
  }

  toResponse(): HttpResponse {
    return json(this.status, oauthErrorBody(this.error, this.description));
  }
}

export function oauthErrorBody(error: string, description?: string): object {
  return description === undefined ? { error } : { error, error_description: description };
}

export const invalidGrant = (description = 'Bad Request'): OAuthError =>
  new OAuthError(400, 'invalid_grant', description);

export const deadRefreshToken = (): OAuthError => invalidGrant('Token has been expired or revoked.');
