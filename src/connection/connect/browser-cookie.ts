import { createHmac, timingSafeEqual } from 'node:crypto';
import type { ConnectSession } from './connect-session.types';

/** Of Google's redirect back, and of nothing else: the path of the callback. */
const PATH = '/auth/google/callback';

/** As long as a session lives, so that it outlives the session that it was set for. */
const MAX_AGE_SECONDS = 15 * 60;

/** A browser brings all of its cookies at once, and the headers of a request are bounded: these are some 5 KB of them. */
const MAX_COOKIES = 50;

const PREFIX = 'inboxwire_';

type Session = Pick<ConnectSession, 'id' | 'codeVerifier'>;

/** One cookie for each session, so that several links that were opened in one browser all work. */
const nameOf = ({ id }: Session) => `${PREFIX}${id}`;

/** The same for every browser that opens the link, since mail scanners do so before the owner; the verifier is in no URL. */
const valueOf = ({ codeVerifier }: Session) =>
  createHmac('sha256', codeVerifier).update('browser').digest('base64url');

/** What a browser is given that opens a link. `Lax`: Google's redirect back comes from another site. */
export function browserCookie(session: Session, isSecure: boolean): string {
  return setCookie(`${nameOf(session)}=${valueOf(session)}`, MAX_AGE_SECONDS, isSecure);
}

/**
 * The cookies that a browser is asked to remove that has opened very many links, as that of somebody who connects a whole team: the
 * oldest ones. Ids sort by time. A link whose cookie is gone can be opened again.
 */
export function surplusCookies(cookieHeader: string | undefined, isSecure: boolean): string[] {
  const names = (cookieHeader ?? '').split(';').map((pair) => pair.trim().split('=')[0]!);
  const own = names.filter((name) => name.startsWith(PREFIX) && /^\w+$/.test(name)).sort();
  return own
    .slice(0, Math.max(0, own.length - MAX_COOKIES))
    .map((name) => setCookie(`${name}=`, 0, isSecure));
}

function setCookie(pair: string, maxAge: number, isSecure: boolean): string {
  const attributes = [`Path=${PATH}`, `Max-Age=${maxAge}`, 'HttpOnly', 'SameSite=Lax'];
  return [pair, ...attributes, ...(isSecure ? ['Secure'] : [])].join('; ');
}

/** Whether the callback comes from a browser that opened the link. */
export function isSameBrowser(session: Session, cookieHeader: string | undefined): boolean {
  const expected = Buffer.from(`${nameOf(session)}=${valueOf(session)}`);
  return (cookieHeader ?? '').split(';').some((pair) => {
    const given = Buffer.from(pair.trim());
    return given.length === expected.length && timingSafeEqual(given, expected);
  });
}
