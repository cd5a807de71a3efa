import { randomBytes } from 'node:crypto';
import type { GoogleState } from '../google-state';
import { json, type HttpRequest, type HttpResponse } from '../http/exchange';

const JWT_BEARER = 'urn:ietf:params:oauth:grant-type:jwt-bearer';
const CLOUD_PLATFORM = 'https://www.googleapis.com/auth/cloud-platform';
const LIFETIME_SECONDS = 3599;

/**
 * The token of a service account that speaks for itself, as Application Default Credentials ask for it: the assertion names
 * no `sub`. Whoever can make a key file on this machine is taken for the administrator of the project.
 *
 * @returns null when the request asks for something else
 */
export function adminToken(state: GoogleState, request: HttpRequest): HttpResponse | null {
  const form = new URLSearchParams(request.body.toString('utf8'));
  if (form.get('grant_type') !== JWT_BEARER) return null;
  const claims = claimsOf(form.get('assertion') ?? '');
  if (claims === null || claims.sub !== undefined || !asksForCloud(claims.scope)) return null;
  if (state.project.deletedKeys)
    return json(400, { error: 'invalid_grant', error_description: 'Invalid JWT Signature.' });
  const value = `ya29.c.${randomBytes(24).toString('base64url')}`;
  state.adminTokens.add(value);
  return json(200, { access_token: value, expires_in: LIFETIME_SECONDS, token_type: 'Bearer' });
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
