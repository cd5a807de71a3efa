/** The longest wait that a receiver can ask for. */
const LONGEST = 24 * 3_600_000;

/**
 * Reads a `Retry-After` header, in seconds or as an HTTP date (https://www.rfc-editor.org/rfc/rfc9110#section-10.2.3).
 *
 * @param now milliseconds since the epoch
 * @returns milliseconds to wait, at most a day; 0 when there is nothing to honour
 */
export function readRetryAfter(header: string | undefined, now: number): number {
  if (header === undefined) return 0;
  const text = header.trim();
  const wait = /^\d+$/.test(text) ? Number(text) * 1_000 : Date.parse(text) - now;
  return Number.isNaN(wait) ? 0 : Math.min(Math.max(wait, 0), LONGEST);
}
