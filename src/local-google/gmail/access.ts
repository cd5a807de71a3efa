import { FULL_MAIL, GMAIL } from '../oauth/scopes';
import type { GoogleState } from '../google-state';
import type { HttpRequest } from '../http/exchange';
import type { AccessToken } from '../oauth/grant';
import type { Mailbox } from '../mailbox/mailbox';
import { GmailError } from './gmail-error';

export const METADATA = `${GMAIL}metadata`;
export const CAN_MODIFY = [FULL_MAIL, `${GMAIL}modify`];
export const CAN_READ = [...CAN_MODIFY, `${GMAIL}readonly`];
export const CAN_SEE = [...CAN_READ, METADATA];
export const CAN_LIST_LABELS = [...CAN_SEE, `${GMAIL}labels`];
export const CAN_SEE_PROFILE = [...CAN_SEE, `${GMAIL}compose`];
export const CAN_DELETE = [FULL_MAIL];

/** The live access token of a request, from the header or the query. */
export function bearerOf(state: GoogleState, request: HttpRequest): AccessToken | null {
  const header = /^Bearer\s+(\S+)$/i.exec(request.headers.authorization ?? '')?.[1];
  return state.grants.liveAccessToken(header ?? request.query.get('access_token') ?? '');
}

export function requireToken(state: GoogleState, request: HttpRequest): AccessToken {
  const token = bearerOf(state, request);
  if (token !== null) return token;
  const missing = request.headers.authorization === undefined && !request.query.has('access_token');
  const [reason, problem] = missing
    ? ['required', 'Request is missing required authentication credential.']
    : ['authError', 'Request had invalid authentication credentials.'];
  const message = `${problem} Expected OAuth 2 access token, login cookie or other valid authentication credential. See https://developers.google.com/identity/sign-in/web/devconsole-project.`;
  throw new GmailError(401, reason, message, { location: 'Authorization', locationType: 'header' });
}

export function requireScope(token: AccessToken, anyOf: readonly string[], method: string): void {
  if (token.scopes.some((scope) => anyOf.includes(scope))) return;
  const info = {
    '@type': 'type.googleapis.com/google.rpc.ErrorInfo',
    reason: 'ACCESS_TOKEN_SCOPE_INSUFFICIENT',
    domain: 'googleapis.com',
    metadata: { service: 'gmail.googleapis.com', method },
  };
  const message = 'Request had insufficient authentication scopes.';
  throw new GmailError(403, 'insufficientPermissions', message, { details: [info] });
}

/** A token opens its own mailbox only, called `me` or by its address. */
export function requireMailbox(state: GoogleState, token: AccessToken, userId: string): Mailbox {
  const mailbox = state.mailboxes.find(token.account);
  const own = userId === 'me' || userId.toLowerCase() === token.account;
  if (mailbox === null || !own)
    throw new GmailError(403, 'forbidden', `Delegation denied for ${token.account}`);
  if (!mailbox.mailServiceEnabled)
    throw new GmailError(400, 'failedPrecondition', 'Mail service not enabled');
  return mailbox;
}

/** The metadata scope binds even beside wider ones. */
export function isMetadataOnly(scopes: readonly string[]): boolean {
  return scopes.includes(METADATA);
}
