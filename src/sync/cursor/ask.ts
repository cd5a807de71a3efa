import { setTimeout as delay } from 'node:timers/promises';
import { BudgetSpentError } from '../../gmail/gmail.errors';

/** Asks Google something, and goes on as its caller wishes when the quota does not allow it right now. */
export type Ask = <T>(call: () => Promise<T>) => Promise<T>;

/** The longest wait (ms) that work sits out where it is: a minute's budget comes back within it. */
export const LONGEST_IN_PLACE = 90_000;

/** One look (ms) at a time: whoever waits may be wanted no longer. */
export const LOOK = 5_000;

/** For work that would have to begin from nothing: waits in place while the budget is spent. */
export function inPlace(signal: AbortSignal): Ask {
  return async (call) => {
    for (;;) {
      try {
        return await call();
      } catch (error) {
        await sitOut(error, signal);
      }
    }
  };
}

/** Waits a little when it is the budget that is spent, and not for too long; throws everything else again. */
export async function sitOut(error: unknown, signal: AbortSignal): Promise<void> {
  if (!(error instanceof BudgetSpentError)) throw error;
  const wait = error.retryAt.getTime() - Date.now();
  if (wait > LONGEST_IN_PLACE) throw error;
  await delay(Math.min(Math.max(1, wait), LOOK), undefined, { signal });
}
