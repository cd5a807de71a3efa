import { createHash } from 'node:crypto';
import type { GoogleClock } from '../clock';
import type { AuthorizationRequest } from './authorization-request';
import { newCode } from './grant';
import { invalidGrant, OAuthError } from './oauth-error';

const LIFETIME_MS = 10 * 60_000;

export interface IssuedCode {
  account: string;
  request: AuthorizationRequest;
  scopes: readonly string[];
  firstGrant: boolean;
}

/** Authorization codes: good once, for ten minutes, with the verifier that fits (RFC 7636). */
export class AuthorizationCodes {
  private readonly codes = new Map<string, IssuedCode & { expiresAt: number }>();

  constructor(private readonly clock: GoogleClock) {}

  issue(code: IssuedCode): string {
    const value = newCode();
    this.codes.set(value, { ...code, expiresAt: this.clock.now() + LIFETIME_MS });
    return value;
  }

  redeem(form: URLSearchParams): IssuedCode {
    const value = form.get('code');
    if (!value) throw new OAuthError(400, 'invalid_request', 'Missing required parameter: code');
    const code = this.codes.get(value);
    if (code === undefined) throw invalidGrant('Malformed auth code.');
    if (form.get('redirect_uri') !== code.request.redirectUri)
      throw new OAuthError(400, 'redirect_uri_mismatch', 'Bad Request');
    this.codes.delete(value);
    if (code.expiresAt <= this.clock.now()) throw invalidGrant();
    checkVerifier(code.request.challenge, form.get('code_verifier'));
    return code;
  }
}

function checkVerifier(challenge: AuthorizationRequest['challenge'], verifier: string | null): void {
  if (challenge === null) return;
  if (!verifier) throw invalidGrant('Missing code verifier.');
  const hashed = createHash('sha256').update(verifier).digest('base64url');
  if ((challenge.method === 'S256' ? hashed : verifier) !== challenge.value)
    throw invalidGrant('Invalid code verifier.');
}
