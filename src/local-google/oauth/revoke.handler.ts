import type { GoogleState } from '../google-state';
import { json, type HttpResponse, type HttpRequest } from '../http/exchange';
import { readForm } from './client-auth';
import { OAuthError } from './oauth-error';

/**
 * `oauth2.googleapis.com/revoke`, the token in the query or in the form. It ends the whole grant:
 * https://developers.google.com/identity/protocols/oauth2/web-server#tokenrevoke
 */
export function revoke(state: GoogleState, request: HttpRequest): HttpResponse {
  const value = request.query.get('token') ?? readForm(request).get('token');
  if (!value) throw new OAuthError(400, 'invalid_request', 'Missing required parameter: token');
  const grant = state.grants.grantByToken(value);
  if (grant === null) throw new OAuthError(400, 'invalid_token', 'Token expired or revoked');
  state.grants.revoke(grant.account);
  return json(200, {});
}
