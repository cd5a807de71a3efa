import { canonicalScopes } from './scopes';

export interface ClientSettings {
  clientId: string;
  clientSecret: string;
  /** Registered addresses; any loopback address is allowed besides. */
  redirectUris: readonly string[];
}

/** A consent request that passed Google's checks. */
export interface AuthorizationRequest {
  redirectUri: string;
  scopes: string[];
  state: string | null;
  challenge: { value: string; method: 'S256' | 'plain' } | null;
  offline: boolean;
  forceConsent: boolean;
  includeGranted: boolean;
  loginHint: string | null;
}

export class AuthorizationRefused extends Error {
  constructor(
    readonly status: number,
    readonly error: string,
    readonly explanation: string,
  ) {
    super(error);
  }
}

/**
 * The parameters of the consent page:
 * https://developers.google.com/identity/protocols/oauth2/web-server#creatingclient
 * What is wrong with them is shown to the user on a page, and never sent to the redirect address.
 */
export function readAuthorizationRequest(
  query: URLSearchParams,
  client: ClientSettings,
): AuthorizationRequest {
  if (query.get('client_id') !== client.clientId)
    throw new AuthorizationRefused(401, 'invalid_client', 'The OAuth client was not found.');
  const redirectUri = required(query, 'redirect_uri');
  if (!isAllowed(redirectUri, client.redirectUris))
    throw new AuthorizationRefused(400, 'redirect_uri_mismatch', `${redirectUri} is not registered.`);
  if (required(query, 'response_type') !== 'code')
    throw new AuthorizationRefused(400, 'unsupported_response_type', 'Only response_type=code is served.');
  return {
    redirectUri,
    scopes: canonicalScopes(required(query, 'scope')),
    state: query.get('state'),
    challenge: challengeOf(query),
    offline: query.get('access_type') === 'offline',
    forceConsent: (query.get('prompt') ?? '').split(' ').includes('consent'),
    includeGranted: query.get('include_granted_scopes') === 'true',
    loginHint: query.get('login_hint'),
  };
}

function required(query: URLSearchParams, name: string): string {
  const value = query.get(name);
  if (value === null || value === '')
    throw new AuthorizationRefused(400, 'invalid_request', `Missing required parameter: ${name}`);
  return value;
}

function challengeOf(query: URLSearchParams): AuthorizationRequest['challenge'] {
  const value = query.get('code_challenge');
  const method = query.get('code_challenge_method') ?? 'plain';
  if (value === null) return null;
  if (method !== 'S256' && method !== 'plain')
    throw new AuthorizationRefused(400, 'invalid_request', `Invalid code_challenge_method: ${method}`);
  if (!/^[A-Za-z0-9._~-]{43,128}$/.test(value))
    throw new AuthorizationRefused(400, 'invalid_request', 'code_challenge is malformed.');
  return { value, method };
}

const LOOPBACK = /^(localhost|127(\.\d{1,3}){3}|\[::1\])$/;

function isAllowed(uri: string, registered: readonly string[]): boolean {
  if (registered.includes(uri)) return true;
  const url = URL.canParse(uri) ? new URL(uri) : null;
  return url !== null && LOOPBACK.test(url.hostname) && url.hash === '';
}
