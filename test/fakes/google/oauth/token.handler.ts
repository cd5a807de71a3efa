import { setTimeout as sleep } from 'node:timers/promises';
import type { GoogleWorld } from '../google-world';
import { json, type HttpResponse, type HttpRequest } from '../http/exchange';
import { authenticateClient, readForm } from './client-auth';
import type { Grant } from './grant';
import { mintIdToken } from './id-token';
import { deadRefreshToken, OAuthError } from './oauth-error';

interface TokenBody {
  [extra: string]: unknown;
  access_token: string;
  expires_in: number;
  scope: string;
  token_type: 'Bearer';
}

/** `oauth2.googleapis.com/token`: https://developers.google.com/identity/protocols/oauth2/web-server#exchange-authorization-code */
export async function token(world: GoogleWorld, request: HttpRequest): Promise<HttpResponse> {
  const form = readForm(request);
  authenticateClient(request, form, world.client);
  const grantType = form.get('grant_type');
  if (grantType === 'authorization_code') return exchangeCode(world, form);
  if (grantType === 'refresh_token') return refresh(world, form);
  if (!grantType) throw new OAuthError(400, 'invalid_request', 'Missing required parameter: grant_type');
  throw new OAuthError(400, 'unsupported_grant_type', `Invalid grant_type: ${grantType}`);
}

function exchangeCode(world: GoogleWorld, form: URLSearchParams): HttpResponse {
  const { account, request, scopes, firstGrant } = world.codes.redeem(form);
  const grant = world.grants.approve(account, scopes);
  const body = accessBody(world, grant, scopes);
  if (request.offline && (request.forceConsent || firstGrant)) {
    body.refresh_token = world.grants.issueRefreshToken(grant, scopes).value;
    if (world.grants.testing) body.refresh_token_expires_in = 604_799;
  }
  return answer({ ...body, ...identity(world, account, scopes) });
}

async function refresh(world: GoogleWorld, form: URLSearchParams): Promise<HttpResponse> {
  const value = form.get('refresh_token');
  if (!value) throw new OAuthError(400, 'invalid_request', 'Missing required parameter: refresh_token');
  const { grant, token: used } = world.grants.useRefreshToken(value);
  const { strictRefreshMs } = world.switches;
  if (strictRefreshMs !== null) await holdAlone(world, grant, strictRefreshMs);
  const body = accessBody(world, grant, used.scopes);
  return answer({ ...body, ...identity(world, grant.account, used.scopes) });
}

/** Some deployments see overlapping refreshes of one grant answered with a false `invalid_grant`. */
async function holdAlone(world: GoogleWorld, grant: Grant, ms: number): Promise<void> {
  if (world.refreshing.has(grant)) throw deadRefreshToken();
  world.refreshing.add(grant);
  await sleep(ms);
  world.refreshing.delete(grant);
}

function accessBody(world: GoogleWorld, grant: Grant, scopes: readonly string[]): TokenBody {
  return {
    access_token: world.grants.issueAccessToken(grant, scopes).value,
    expires_in: world.grants.accessTokenSeconds,
    scope: scopes.join(' '),
    token_type: 'Bearer',
  };
}

function identity(world: GoogleWorld, account: string, scopes: readonly string[]): { id_token?: string } {
  const mailbox = world.mailboxes.find(account);
  if (mailbox === null || !scopes.includes('openid')) return {};
  return { id_token: mintIdToken(world.keys.current, world.client.clientId, mailbox, scopes) };
}

function answer(body: object): HttpResponse {
  return json(200, body, {
    'cache-control': 'no-cache, no-store, max-age=0, must-revalidate',
    pragma: 'no-cache',
  });
}
