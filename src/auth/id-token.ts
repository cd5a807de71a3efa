import { IdTokenInvalidError } from './auth.errors';

/** What an ID token says of who consented: https://developers.google.com/identity/openid-connect/openid-connect#an-id-tokens-payload */
export interface IdTokenClaims {
  /** `sub`: the account, whatever its address. */
  googleAccountId: string;
  emailAddress: string | undefined;
}

const ISSUERS: ReadonlySet<unknown> = new Set(['https://accounts.google.com', 'accounts.google.com']);

/** Clocks differ, also those of hosts that work otherwise. */
const CLOCK_TOLERANCE_MS = 10 * 60_000;

/**
 * Reads an ID token and verifies its claims. It came from Google itself over TLS, so its signature needs no check (OpenID
 * Connect Core, 3.1.3.7).
 *
 * @throws IdTokenInvalidError when it is not Google's, not for this client, or too old
 */
export function readIdToken(idToken: string, clientId: string, now: Date): IdTokenClaims {
  const { iss, aud, sub, exp, email } = payloadOf(idToken);
  const audience: unknown[] = Array.isArray(aud) ? aud : [aud];
  if (!ISSUERS.has(iss)) throw new IdTokenInvalidError('it was not issued by Google');
  if (!audience.includes(clientId)) throw new IdTokenInvalidError('it is for another client');
  if (!(typeof exp === 'number' && exp * 1_000 > now.getTime() - CLOCK_TOLERANCE_MS))
    throw new IdTokenInvalidError('it has expired; check the clock of this host');
  if (typeof sub !== 'string' || !/^[\x21-\x7e]{1,255}$/.test(sub))
    throw new IdTokenInvalidError('it names no account');
  return { googleAccountId: sub, emailAddress: typeof email === 'string' && email ? email : undefined };
}

function payloadOf(idToken: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(Buffer.from(idToken.split('.')[1] ?? '', 'base64url').toString());
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
  } catch {
    return {};
  }
}
