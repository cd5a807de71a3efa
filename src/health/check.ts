import { describeError } from '../common/describe-error';
import { withTimeout } from '../common/with-timeout';
import type { Finding } from '../diagnosis/check';
import { type HealthCheck, UP } from './health.types';

/** A check that takes longer than this has failed: who asks gives up soon too. */
const CHECK_TIMEOUT_MS = 2_000;

export async function check(what: string, run: () => Promise<HealthCheck>): Promise<HealthCheck> {
  try {
    const late = () => new Error(`The ${what} check had no answer within ${CHECK_TIMEOUT_MS} ms.`);
    return await withTimeout(run(), CHECK_TIMEOUT_MS, late);
  } catch (error) {
    return { status: 'down', detail: describeError(error) };
  }
}

/** What a check of `doctor` found, of something without which nothing works. */
export function upOrDown({ status, detail, remedy }: Finding): HealthCheck {
  return status === 'ok' ? UP : { status: 'down', detail: `${detail} ${remedy}` };
}
