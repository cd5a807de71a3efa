/** An access token is replaced this long (ms) before it expires: longer than any call with it, its waits included, lasts. */
const RESERVE = 5 * 60_000;

/**
 * Whether an access token has enough life left to start something with. Google's live for an hour; of one that lives
 * for less than twice the reserve, the first half is used.
 */
export function isFresh(issuedAt: Date, expiresAt: Date, now: Date): boolean {
  const reserve = Math.min(RESERVE, (expiresAt.getTime() - issuedAt.getTime()) / 2);
  return expiresAt.getTime() - now.getTime() > reserve;
}
