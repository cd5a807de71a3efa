import { setTimeout as delay } from 'node:timers/promises';
import { BudgetSpentError } from '../gmail.errors';

/**
 * What work does that would have to begin anew when Gmail cannot be asked right now: it waits where it is. Callers
 * without patience get the error at once.
 */
export interface Patience {
  /** Called before every attempt; throws when the call is no longer wanted. */
  beforeCall?(): Promise<void>;
  /** Waits after a failed attempt and returns, or throws the error again when it is not worth waiting for. */
  waitAfter(error: unknown): Promise<void>;
}

/** The longest wait that work sits out where it is: a minute's budget comes back within it. */
export const MAX_WAIT_IN_PLACE_MS = 90_000;

/** The longest sleep between two attempts: a call may be wanted no longer. */
export const MAX_SLEEP_MS = 5_000;

/** Makes attempts at a call for as long as its caller is patient. */
export async function withPatience<T>(patience: Patience | undefined, call: () => Promise<T>): Promise<T> {
  if (!patience) return call();
  for (;;) {
    await patience.beforeCall?.();
    try {
      return await call();
    } catch (error) {
      await patience.waitAfter(error);
    }
  }
}

/** Waits while the budget is spent, unless that takes too long. Every other error is thrown again. */
export async function waitForBudget(error: unknown, signal: AbortSignal): Promise<void> {
  if (!(error instanceof BudgetSpentError)) throw error;
  const wait = error.retryAt.getTime() - Date.now();
  if (wait > MAX_WAIT_IN_PLACE_MS) throw error;
  await delay(Math.min(Math.max(1, wait), MAX_SLEEP_MS), undefined, { signal });
}
