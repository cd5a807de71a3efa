import type { Ordering } from '../endpoint/endpoint.types';
import type { Attempt, DeliveryStatus } from './delivery.types';
import { waitAfterFailure } from './retry-schedule';

/** What one attempt has come to. `gone`: the receiver answered 410 and wants nothing more. */
export interface AttemptResult {
  verdict: 'delivered' | 'failed' | 'gone';
  attempt: Attempt;
  /** Milliseconds that the receiver asked to be left alone; 0 when it did not. */
  retryAfter: number;
}

/** What follows for the delivery. */
export interface Decision {
  status: DeliveryStatus;
  /** The cursor goes past the event. */
  moveOn: boolean;
  parked: boolean;
  /** Milliseconds until the next attempt; 0 when there is none to wait for. */
  wait: number;
}

/** Why the attempt did not deliver, in one line for the list of attempts; null when it did. */
export function faultOf(status: number): string | null {
  if (status >= 200 && status < 300) return null;
  if (status >= 300 && status < 400) return `the receiver answered ${status}; redirects are not followed`;
  return `the receiver answered ${status}`;
}

/** An attempt of a process that died meanwhile. The receiver may have got the event; that cannot be known. */
export interface LostAttempt {
  at: Date;
  /** Milliseconds ago, by the database's clock. */
  age: number;
}

export function resultOfLost({ at }: Pick<LostAttempt, 'at'>): AttemptResult {
  const error = 'outcome unknown: the process that made the attempt ended';
  return {
    verdict: 'failed',
    attempt: { at: at.toISOString(), status: null, latencyMs: null, error, response: null },
    retryAfter: 0,
  };
}

/** An endpoint that could not be disabled just now is asked again so soon, and no sooner. */
const GONE_WAIT_MS = 1_000;

/**
 * @param attempts how many attempts of the event have been made, this one included
 * @param age milliseconds since the attempt began, when that is long ago: they count as waited for
 */
export function decide(
  { verdict, retryAfter }: AttemptResult,
  attempts: number,
  ordering: Ordering,
  delays: readonly number[],
  age = 0,
): Decision {
  switch (verdict) {
    case 'delivered':
      return { status: 'delivered', moveOn: true, parked: false, wait: 0 };
    case 'gone':
      return { status: 'pending', moveOn: false, parked: false, wait: GONE_WAIT_MS };
    case 'failed': {
      const wait = waitAfterFailure(attempts, delays, retryAfter);
      if (wait === undefined) return { status: 'dead', moveOn: true, parked: false, wait: 0 };
      const parked = ordering === 'none';
      return { status: 'pending', moveOn: parked, parked, wait: Math.max(0, wait - age) };
    }
  }
}
