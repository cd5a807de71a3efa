import type { HttpRequest } from '../http/exchange';
import type { ClientSettings } from './authorization-request';
import { OAuthError } from './oauth-error';

/** The form of a token request; Google takes JSON too. */
export function readForm(request: HttpRequest): URLSearchParams {
  const text = request.body.toString('utf8');
  if (!String(request.headers['content-type']).includes('json')) return new URLSearchParams(text);
  try {
    return new URLSearchParams(JSON.parse(text) as Record<string, string>);
  } catch {
    throw new OAuthError(400, 'invalid_request', 'Invalid JSON payload received.');
  }
}

/** The client proves itself in the form or by Basic authentication (RFC 6749, section 2.3.1). */
export function authenticateClient(
  request: HttpRequest,
  form: URLSearchParams,
  client: ClientSettings,
): void {
  const [id, secret] = basic(request.headers.authorization) ?? [
    form.get('client_id'),
    form.get('client_secret'),
  ];
  if (!id) throw new OAuthError(400, 'invalid_request', 'Could not determine client ID from request.');
  if (id !== client.clientId) throw new OAuthError(401, 'invalid_client', 'The OAuth client was not found.');
  if (secret !== client.clientSecret) throw new OAuthError(401, 'invalid_client', 'Unauthorized');
}

function basic(header: string | undefined): [string, string] | null {
  const encoded = /^Basic (.+)$/i.exec(header ?? '')?.[1];
  if (encoded === undefined) return null;
  const [id = '', ...rest] = Buffer.from(encoded, 'base64').toString('utf8').split(':');
  return [formDecoded(id), formDecoded(rest.join(':'))];
}

function formDecoded(text: string): string {
  return new URLSearchParams(`value=${text.replaceAll('&', '%26')}`).get('value') ?? '';
}
