import { describeError } from '../common/describe-error';
import { sentence } from '../common/sentence';
import { type Check, type CheckResult, failed } from './check';
import type { DoctorContext } from './doctor-context';

/** One after the other: what a check has found out is there for those after it. */
export async function runChecks(
  checks: readonly Check[],
  context: DoctorContext,
  report: (check: Check) => void = () => undefined,
): Promise<CheckResult[]> {
  const results: CheckResult[] = [];
  for (const check of checks) {
    report(check);
    const finding = await check
      .run(context)
      .catch((error: unknown) =>
        failed(
          `It could not be found out: ${describeError(error)}`,
          'Mend what the sentence says, and run it again.',
        ),
      );
    results.push({ name: check.name, ...finding, detail: sentence(finding.detail) });
  }
  return results;
}
