import type { CheckResult } from '../../diagnosis/check';
import { ALL_CHECKS } from '../../diagnosis/checks/all-checks';
import { closeContext, openContext } from '../../diagnosis/open-context';
import { roundTripCheck } from '../../diagnosis/round-trip.check';
import { runChecks } from '../../diagnosis/run-checks';
import { useProxySetting } from '../../google-project/use-proxy-setting';
import { type CommandContext, UsageError } from '../command';

interface DoctorOptions {
  roundTrip?: string;
  json?: boolean;
}

/** Runs every check, and reports on each. @returns the exit status */
export async function runDoctor(context: CommandContext<DoctorOptions>): Promise<number> {
  const { options, environment, print, report } = context;
  if (options.roundTrip !== undefined && !/^mbx_\w+$/.test(options.roundTrip))
    throw new UsageError('--round-trip takes the id of a mailbox, as GET /v1/mailboxes gives it: mbx_….');
  const withoutProxy = useProxySetting(environment);
  const opened = await openContext(environment);
  try {
    const roundTrip = options.roundTrip === undefined ? [] : [roundTripCheck(options.roundTrip)];
    const checks = [...ALL_CHECKS, ...roundTrip];
    const results = await runChecks(checks, opened, ({ question }) => report(question));
    const status = worstOf(results);
    if (options.json) print(JSON.stringify({ status, checks: results }, null, 2));
    else results.forEach((result) => write(print, result));
    return status === 'failed' ? 1 : 0;
  } finally {
    await closeContext(opened);
    withoutProxy();
  }
}

function worstOf(results: readonly CheckResult[]): 'ok' | 'warning' | 'failed' {
  const has = (status: string) => results.some((result) => result.status === status);
  if (has('failed')) return 'failed';
  return has('warning') ? 'warning' : 'ok';
}

function write(print: (line: string) => void, { name, status, detail, remedy }: CheckResult): void {
  print(`${status.padEnd(8)} ${name.padEnd(16)} ${detail}`);
  if (remedy !== null) print(`${' '.repeat(9)}→ ${remedy}`);
}
