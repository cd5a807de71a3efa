import type { FastifyReply } from 'fastify';
import type { ConnectError } from '../connection.errors';
import { page, type PageContent } from './page.html';
import { returnUrl, type ReturnPath } from './redirect-signature';

/** What a browser is answered: sent on, or shown a page. */
export type ConnectResponse = ({ status: 302 | 303; location: string } | ({ status: number } & Page)) & {
  /** Each a `Set-Cookie`. */
  cookies?: string[];
};

interface Page {
  html: string;
  /** Its Content-Security-Policy, and the language that it was chosen for, where it has them. */
  policy?: string;
  language?: string;
}

/** Of the plain pages. */
const PLAIN_POLICY = "default-src 'none'; style-src 'unsafe-inline'";

const FAILED = 'The mailbox is not connected';

/** Which pages are not simply a 400. A map, since a code may be any word that came with the callback. */
const STATUS = new Map([
  ['session_used', 410],
  ['session_expired', 410],
  ['temporarily_unavailable', 503],
]);

/** @param status 303 after a POST: https://www.rfc-editor.org/rfc/rfc9110#section-15.4.4 */
export function redirect(location: string, status: 302 | 303 = 302): ConnectResponse {
  return { status, location };
}

/** Of a page that says so. */
export function statusOf({ code, remedy }: ConnectError): number {
  return remedy === undefined ? (STATUS.get(code) ?? 400) : 502;
}

export function showPage(status: number, content: PageContent): ConnectResponse {
  return { status, html: page(content) };
}

/** The mailbox is there: back to the application that asked for it, or a page that says so. */
export function connected(
  session: ReturnPath,
  mailboxId: string,
  emailAddress: string | null,
): ConnectResponse {
  const back = returnUrl(session, ['mailboxId', mailboxId]);
  if (back !== undefined) return redirect(back);
  return showPage(200, {
    title: 'The mailbox is connected',
    text: `${emailAddress ?? 'It'} is connected. You can close this page.`,
  });
}

/**
 * The mailbox is not there: back with the reason, or a page that explains it.
 *
 * @param tryAgainUrl where another try begins, for errors after which there is one
 */
export function failed(
  session: ReturnPath | undefined,
  error: ConnectError,
  tryAgainUrl?: string,
): ConnectResponse {
  const { code, message, mayTryAgain } = error;
  const back = session && returnUrl(session, ['error', code]);
  if (back !== undefined) return redirect(back);
  const action = mayTryAgain && tryAgainUrl !== undefined && { label: 'Try again', href: tryAgainUrl };
  return showPage(statusOf(error), { title: FAILED, text: message, code, ...(action && { action }) });
}

/** The link leads nowhere any more: a page that says so, with the way back to the application that made it. */
export function ended(session: ReturnPath, error: ConnectError): ConnectResponse {
  const { code, message } = error;
  const back = returnUrl(session, ['error', code]);
  const action = back !== undefined && { label: 'Back to the application', href: back };
  return showPage(statusOf(error), { title: FAILED, text: message, code, ...(action && { action }) });
}

/** Links and answers of Google carry secrets in their URLs: nothing is kept, and nothing is passed to the next page. */
export function send(reply: FastifyReply, answer: ConnectResponse): void {
  const { policy, language } = 'html' in answer ? answer : {};
  void reply.status(answer.status).headers({
    'cache-control': 'no-store',
    'referrer-policy': 'no-referrer',
    'content-security-policy': policy ?? PLAIN_POLICY,
    ...(language !== undefined && { 'content-language': language, vary: 'Accept-Language' }),
    'x-content-type-options': 'nosniff',
    'x-frame-options': 'DENY',
    ...(answer.cookies?.length && { 'set-cookie': answer.cookies }),
  });
  if ('location' in answer) void reply.header('location', answer.location).send();
  else void reply.type('text/html; charset=utf-8').send(answer.html);
}
