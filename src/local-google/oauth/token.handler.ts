import { setTimeout as sleep } from 'node:timers/promises';
import type { GoogleState } from '../google-state';
import { json, type HttpResponse, type HttpRequest } from '../http/exchange';
import { authenticateClient, readForm } from './client-auth';
import type { Grant } from './grant';
import { mintIdToken } from './id-token';
import { deadRefreshToken, invalidGrant, OAuthError } from './oauth-error';

const JWT_BEARER = 'urn:ietf:params:oauth:grant-type:jwt-bearer';

interface TokenBody {
  [extra: string]: unknown;
  access_token: string;
  expires_in: number;
  scope: string;
  token_type: 'Bearer';
}

/** `oauth2.googleapis.com/token`: https://developers.google.com/identity/protocols/oauth2/web-server#exchange-authorization-code */
export async function token(state: GoogleState, request: HttpRequest): Promise<HttpResponse> {
  const form = readForm(request);
  const grantType = form.get('grant_type');
  // The assertion itself says who asks.
  if (grantType === JWT_BEARER) return delegate(state, form);
  authenticateClient(request, form, state.client);
  if (grantType === 'authorization_code') return exchangeCode(state, form);
  if (grantType === 'refresh_token') return refresh(state, form);
  if (!grantType) throw new OAuthError(400, 'invalid_request', 'Missing required parameter: grant_type');
  throw new OAuthError(400, 'unsupported_grant_type', `Invalid grant_type: ${grantType}`);
}

/** Nobody consents here, and no refresh token comes of it. The scopes are not named in the answer. */
function delegate(state: GoogleState, form: URLSearchParams): HttpResponse {
  const { subject, scopes } = state.serviceAccounts.check(form.get('assertion') ?? '');
  if (state.mailboxes.find(subject) === null) throw invalidGrant('Invalid email or User ID');
  const { value } = state.grants.delegatedToken(subject, scopes);
  return answer({ access_token: value, expires_in: state.grants.accessTokenSeconds, token_type: 'Bearer' });
}

function exchangeCode(state: GoogleState, form: URLSearchParams): HttpResponse {
  const { account, request, scopes, firstGrant } = state.codes.redeem(form);
  const grant = state.grants.approve(account, scopes);
  const body = accessBody(state, grant, scopes);
  if (request.offline && (request.forceConsent || firstGrant)) {
    body.refresh_token = state.grants.issueRefreshToken(grant, scopes).value;
    if (state.grants.testing) body.refresh_token_expires_in = 604_799;
  }
  return answer({ ...body, ...identity(state, account, scopes) });
}

async function refresh(state: GoogleState, form: URLSearchParams): Promise<HttpResponse> {
  const value = form.get('refresh_token');
  if (!value) throw new OAuthError(400, 'invalid_request', 'Missing required parameter: refresh_token');
  const { grant, token: used } = state.grants.useRefreshToken(value);
  const { strictRefreshMs } = state.switches;
  if (strictRefreshMs !== null) await holdAlone(state, grant, strictRefreshMs);
  const body = accessBody(state, grant, used.scopes);
  return answer({ ...body, ...identity(state, grant.account, used.scopes) });
}

/** Some deployments see overlapping refreshes of one grant answered with a false `invalid_grant`. */
async function holdAlone(state: GoogleState, grant: Grant, ms: number): Promise<void> {
  if (state.refreshing.has(grant)) throw deadRefreshToken();
  state.refreshing.add(grant);
  await sleep(ms);
  state.refreshing.delete(grant);
}

function accessBody(state: GoogleState, grant: Grant, scopes: readonly string[]): TokenBody {
  return {
    access_token: state.grants.issueAccessToken(grant, scopes).value,
    expires_in: state.grants.accessTokenSeconds,
    scope: scopes.join(' '),
    token_type: 'Bearer',
  };
}

function identity(state: GoogleState, account: string, scopes: readonly string[]): { id_token?: string } {
  const mailbox = state.mailboxes.find(account);
  if (mailbox === null || !scopes.includes('openid')) return {};
  return { id_token: mintIdToken(state.keys.current, state.client.clientId, mailbox, scopes) };
}

function answer(body: object): HttpResponse {
  return json(200, body, {
    'cache-control': 'no-cache, no-store, max-age=0, must-revalidate',
    pragma: 'no-cache',
  });
}
