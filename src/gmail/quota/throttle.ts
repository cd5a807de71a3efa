import { backoff } from '../../background/backoff';

const SHORTEST = 5_000;
const LONGEST = 300_000;

/** Until when Google wants to be left alone, and how often in a row it said so. */
export interface Pause {
  until: number;
  refusals: number;
}

/**
 * The pause after the project was refused: until the time that Google names, else ever longer. Calls that were under way
 * are refused too and tell nothing new.
 *
 * @param until when Google wants to be asked again, if it says so; milliseconds since the epoch, as `now`
 */
export function nextPause(before: Pause, until: number | undefined, now: number): Pause {
  if (now < before.until) return { ...before, until: Math.max(before.until, until ?? 0) };
  const refusals = now < before.until + LONGEST ? before.refusals + 1 : 1;
  return { refusals, until: until ?? now + backoff(refusals, SHORTEST, LONGEST) };
}
