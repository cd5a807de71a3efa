import { backoff } from '../../background/backoff';

const MIN_THROTTLE_MS = 5_000;
const MAX_THROTTLE_MS = 300_000;

/** Until when Google wants no calls (milliseconds since the epoch), and how often in a row it refused. */
export interface Throttle {
  until: number;
  refusals: number;
}

/**
 * The throttle after Google refused the project: until the time that Google names, else ever longer. Calls that were under
 * way are refused too, and that is nothing new.
 *
 * @param until when Google wants to be asked again, if it says so; milliseconds since the epoch, as `now`
 */
export function nextThrottle(before: Throttle, until: number | undefined, now: number): Throttle {
  if (now < before.until) return { ...before, until: Math.max(before.until, until ?? 0) };
  const refusals = now < before.until + MAX_THROTTLE_MS ? before.refusals + 1 : 1;
  return { refusals, until: until ?? now + backoff(refusals, MIN_THROTTLE_MS, MAX_THROTTLE_MS) };
}
