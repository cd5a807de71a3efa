/** How far a wait differs from its setting, so that what failed together does not come back together. */
const JITTER = 0.2;

/**
 * When a delivery is tried again.
 *
 * @param failures how many attempts have failed, from 1
 * @param delays the waits between the attempts, in milliseconds (`DELIVERY_RETRY_DELAYS`)
 * @param retryAfter what the receiver asked for, in milliseconds: the longer of the two counts
 * @returns milliseconds to wait, or undefined when that was the last attempt and the delivery is dead
 */
export function waitAfterFailure(
  failures: number,
  delays: readonly number[],
  retryAfter = 0,
  random: () => number = Math.random,
): number | undefined {
  const delay = delays[failures - 1];
  if (delay === undefined) return undefined;
  return Math.max(Math.round(delay * (1 - JITTER + 2 * JITTER * random())), retryAfter);
}
