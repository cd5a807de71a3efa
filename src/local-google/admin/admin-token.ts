import { randomBytes } from 'node:crypto';
import type { GoogleState } from '../google-state';
import { json, type HttpRequest, type HttpResponse } from '../http/exchange';

const JWT_BEARER = 'urn:ietf:params:oauth:grant-type:jwt-bearer';
const CLOUD_PLATFORM = 'https://www.googleapis.com/auth/cloud-platform';
const LIFETIME_SECONDS = 3599;

/** The OAuth client of `gcloud auth application-default login`, which is no secret. */
const GCLOUD_CLIENT = /^764086051850-/;
const TOKEN_EXCHANGE = 'urn:ietf:params:oauth:grant-type:token-exchange';
const ACCESS_TOKEN_TYPE = 'urn:ietf:params:oauth:token-type:access_token';

/**
 * The token of a service account that acts for itself, or of a user of `gcloud`, as Application Default Credentials ask for
 * it: an assertion that names no `sub`, or a refresh token of gcloud's own client. Whoever can make a file of credentials on this
 * machine is taken for the administrator of the project.
 *
 * @returns null when the request asks for something else
 */
export function adminToken(state: GoogleState, request: HttpRequest): HttpResponse | null {
  const form = formOf(request);
  switch (form.get('grant_type') ?? '') {
    case JWT_BEARER: {
      const claims = claimsOf(form.get('assertion') ?? '');
      if (claims === null || claims.sub !== undefined || !asksForCloud(claims.scope)) return null;
      return state.project.deletedKeys ? refused('Invalid JWT Signature.') : issue(state);
    }
    case 'refresh_token':
      if (!GCLOUD_CLIENT.test(form.get('client_id') ?? '')) return null;
      return state.project.deletedKeys ? refused('Token has been expired or revoked.') : issue(state);
    default:
      return null;
  }
}

/** `sts.googleapis.com/v1/token`: of an external account. https://docs.cloud.google.com/iam/docs/reference/sts/rest/v1/TopLevel/token */
export function exchangeToken(state: GoogleState, request: HttpRequest): HttpResponse {
  const form = formOf(request);
  const isWhole = ['audience', 'subject_token', 'subject_token_type'].every((name) => form.get(name));
  if (form.get('grant_type') !== TOKEN_EXCHANGE || !isWhole || !asksForCloud(form.get('scope')))
    return json(400, { error: 'invalid_request', error_description: 'Invalid token exchange.' });
  if (state.project.deletedKeys) return refused('The subject token is not accepted.');
  return issue(state, { issued_token_type: ACCESS_TOKEN_TYPE });
}

function issue(state: GoogleState, more: object = {}): HttpResponse {
  const value = `ya29.c.${randomBytes(24).toString('base64url')}`;
  state.adminTokens.add(value);
  return json(200, { access_token: value, expires_in: LIFETIME_SECONDS, token_type: 'Bearer', ...more });
}

function refused(description: string): HttpResponse {
  return json(400, { error: 'invalid_grant', error_description: description });
}

function formOf({ body }: HttpRequest): URLSearchParams {
  return new URLSearchParams(body.toString('utf8'));
}

function asksForCloud(scope: unknown): boolean {
  return typeof scope === 'string' && scope.split(' ').includes(CLOUD_PLATFORM);
}

function claimsOf(assertion: string): Record<string, unknown> | null {
  try {
    const claims: unknown = JSON.parse(
      Buffer.from(assertion.split('.')[1] ?? '', 'base64url').toString('utf8'),
    );
    return typeof claims === 'object' && claims !== null && 'iss' in claims ? { ...claims } : null;
  } catch {
    return null;
  }
}
