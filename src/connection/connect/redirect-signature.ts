import { createHmac } from 'node:crypto';
import { withParameter } from './with-parameter';
import type { ConnectSession } from './connect-session.types';

/** Where a session's owner goes in the end, and what the way back is signed with. */
export type ReturnPath = Pick<ConnectSession, 'redirectUrl' | 'codeVerifier'>;

/** How the session ended, as the application reads it. */
type Outcome = readonly [name: 'mailboxId' | 'error', value: string];

/**
 * What the redirects of a session are signed with, as it is shown to the application at the creation of the session. It is
 * derived from the verifier, which is in no URL, and so kept encrypted with it.
 */
export function signingSecret(codeVerifier: string): string {
  return `cnssec_${createHmac('sha256', codeVerifier).update('redirect').digest('base64url')}`;
}

/** What is signed is the parameter as it stands in the URL: `mailboxId=mbx_…` or `error=access_denied`. */
export function signature(secret: string, [name, value]: Outcome): string {
  return createHmac('sha256', secret).update(`${name}=${value}`).digest('hex');
}

/**
 * The way back to the application, with the outcome and its signature. A session whose encryption key was taken out cannot
 * sign any more; undefined when it has no way back.
 */
export function returnUrl({ redirectUrl, codeVerifier }: ReturnPath, outcome: Outcome): string | undefined {
  if (redirectUrl === undefined) return undefined;
  const url = withParameter(redirectUrl, ...outcome);
  if (codeVerifier === '') return url;
  return withParameter(url, 'signature', signature(signingSecret(codeVerifier), outcome));
}
