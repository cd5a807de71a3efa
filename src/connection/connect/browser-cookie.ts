import { createHmac, timingSafeEqual } from 'node:crypto';
import type { ConnectSession } from './connect-session.types';

/** Of Google's redirect back, and of nothing else: the path of the callback. */
const PATH = '/auth/google/callback';

/** As long as a session lives, so that it outlives the session that it was set for. */
const MAX_AGE_SECONDS = 15 * 60;

type Session = Pick<ConnectSession, 'id' | 'codeVerifier'>;

/** One cookie for each session, so that several links that were opened in one browser all work. */
const nameOf = ({ id }: Session) => `inboxwire_${id}`;

/** The same for every browser that opens the link, since mail scanners do so before the owner; the verifier is in no URL. */
const valueOf = ({ codeVerifier }: Session) =>
  createHmac('sha256', codeVerifier).update('browser').digest('base64url');

/** What a browser is given that opens a link. `Lax`: Google's redirect back comes from another site. */
export function browserCookie(session: Session, isSecure: boolean): string {
  const attributes = [`Path=${PATH}`, `Max-Age=${MAX_AGE_SECONDS}`, 'HttpOnly', 'SameSite=Lax'];
  return [`${nameOf(session)}=${valueOf(session)}`, ...attributes, ...(isSecure ? ['Secure'] : [])].join(
    '; ',
  );
}

/** Whether the callback comes from a browser that opened the link. */
export function isSameBrowser(session: Session, cookieHeader: string | undefined): boolean {
  const expected = Buffer.from(`${nameOf(session)}=${valueOf(session)}`);
  return (cookieHeader ?? '').split(';').some((pair) => {
    const given = Buffer.from(pair.trim());
    return given.length === expected.length && timingSafeEqual(given, expected);
  });
}
