import type { FastifyRequest } from 'fastify';

/**
 * Whether a form was sent from a page of this service. Browsers name the origin of every form; it is the public one, or the one
 * under which the browser has reached the service. A client that names none is no browser, and has to have the token nevertheless.
 */
export function isSameOrigin({ headers }: FastifyRequest, publicUrl: string): boolean {
  const { origin, host } = headers;
  if (headers['sec-fetch-site'] !== undefined && headers['sec-fetch-site'] !== 'same-origin') return false;
  if (origin === undefined || origin === publicUrl) return true;
  return URL.canParse(origin) && new URL(origin).host === host;
}
