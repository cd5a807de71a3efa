import type { GoogleState } from '../google-state';
import { html, redirect, type HttpResponse, type HttpRequest } from '../http/exchange';
import {
  AuthorizationRefused,
  readAuthorizationRequest,
  type AuthorizationRequest,
} from './authorization-request';
import { consentPage, refusalPage } from './consent-page';
import { isIdentityScope } from './scopes';

/** `accounts.google.com/o/oauth2/v2/auth`: GET shows the consent page, POST is the user's answer to it. */
export function authorize(state: GoogleState, request: HttpRequest): HttpResponse {
  try {
    const asked = readAuthorizationRequest(request.query, state.client);
    if (request.method !== 'POST') return decideAlone(state, asked) ?? showPage(state, asked);
    return decide(state, asked, new URLSearchParams(request.body.toString('utf8')));
  } catch (error) {
    if (!(error instanceof AuthorizationRefused)) throw error;
    return html(error.status, refusalPage(error.status, error.error, error.explanation));
  }
}

function showPage(state: GoogleState, asked: AuthorizationRequest): HttpResponse {
  const accounts = state.mailboxes.all().map((mailbox) => mailbox.address);
  const { clientId } = state.client;
  return html(200, consentPage({ clientId, accounts, chosen: asked.loginHint, scopes: asked.scopes }));
}

/** What a user would do who always ticks all, for tests without a browser. */
function decideAlone(state: GoogleState, asked: AuthorizationRequest): HttpResponse | null {
  const { decision, account } = state.switches.consent;
  if (decision === 'ask') return null;
  const hinted = state.mailboxes.find(account ?? asked.loginHint ?? '');
  const form = new URLSearchParams({ decision });
  form.set('account', (hinted ?? state.mailboxes.all()[0])?.address ?? '');
  asked.scopes.forEach((scope) => form.append('scope', scope));
  return decide(state, asked, form);
}

function decide(state: GoogleState, asked: AuthorizationRequest, form: URLSearchParams): HttpResponse {
  if (form.get('decision') !== 'approve') return back(asked, { error: 'access_denied' });
  const account = state.mailboxes.find(form.get('account') ?? '');
  if (account === null)
    throw new AuthorizationRefused(400, 'invalid_request', 'Couldn’t find your Google Account');
  const ticked = new Set(form.getAll('scope'));
  const granted = asked.scopes.filter((scope) => isIdentityScope(scope) || ticked.has(scope));
  const known = state.grants.grantOf(account.key);
  const grant = state.grants.approve(account.key, granted);
  const scopes = asked.includeGranted ? [...grant.scopes] : granted;
  const code = state.codes.issue({
    account: account.key,
    request: asked,
    scopes,
    firstGrant: known === null,
  });
  return back(asked, { code, scope: scopes.join(' '), authuser: '0', prompt: 'consent' });
}

function back(asked: AuthorizationRequest, parameters: Record<string, string>): HttpResponse {
  const location = new URL(asked.redirectUri);
  if (asked.state !== null) location.searchParams.set('state', asked.state);
  location.searchParams.set('iss', 'https://accounts.google.com');
  for (const [name, value] of Object.entries(parameters)) location.searchParams.set(name, value);
  return redirect(location.href);
}
