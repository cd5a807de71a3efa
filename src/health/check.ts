import { describeError } from '../common/describe-error';
import { withTimeout } from '../common/with-timeout';
import type { HealthCheck } from './health.types';

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
