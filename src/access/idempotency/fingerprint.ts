import { createHash } from 'node:crypto';

/**
 * What tells requests apart that come with the same idempotency key.
 *
 * @param url path and query, as they were sent
 * @param body as it was parsed: spaces between its parts make no difference
 */
export function fingerprintOf(method: string, url: string, body: unknown): Buffer {
  return createHash('sha256')
    .update(`${method}\n${url}\n${JSON.stringify(body ?? null)}`)
    .digest();
}
