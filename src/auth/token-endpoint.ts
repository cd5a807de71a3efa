import { googleUrl } from '../config/google-url';
import { TokenEndpointUnavailableError } from './auth.errors';
import type { OauthResponse } from './token-response';

/** How long one call may take. */
const TIMEOUT_MS = 10_000;

/**
 * Posts a form to one of Google's OAuth endpoints. By `fetch` rather than google-auth-library: that one puts the token to
 * revoke into the URL, where proxies log it, and hands out errors that hold the client secret.
 *
 * @returns the response, whatever it is @throws TokenEndpointUnavailableError when there is none
 */
export async function postForm(
  origin: string | undefined,
  url: string,
  form: Record<string, string>,
): Promise<OauthResponse> {
  try {
    const response = await fetch(googleUrl(origin, url), {
      method: 'POST',
      body: new URLSearchParams(form),
      redirect: 'error',
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    return { status: response.status, body: await response.text() };
  } catch (error) {
    throw new TokenEndpointUnavailableError(error);
  }
}
