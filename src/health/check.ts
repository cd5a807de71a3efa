import { describeError } from '../common/describe-error';
import { withTimeout } from '../common/with-timeout';
import { type HealthCheck, UP } from './health.types';
import type { ReadinessCheck } from './readiness-check';

/** A check that takes longer than this has failed: who asks gives up soon too. */
const CHECK_TIMEOUT_MS = 2_000;

/** Makes a check. @returns undefined when there is nothing that it could look at */
export async function make(check: ReadinessCheck): Promise<HealthCheck | undefined> {
  const { name, failure } = check;
  try {
    const late = () => new Error(`The ${name} check had no answer within ${CHECK_TIMEOUT_MS} ms.`);
    const { status, detail, remedy } = await withTimeout(check.run(), CHECK_TIMEOUT_MS, late);
    if (status === 'skipped') return undefined;
    if (status === 'ok' && remedy === null) return UP;
    const words = remedy === null ? detail : `${detail} ${remedy}`;
    return { status: status === 'ok' ? 'up' : failure, detail: words };
  } catch (error) {
    return { status: failure, detail: describeError(error) };
  }
}
