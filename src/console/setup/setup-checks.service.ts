import { Injectable } from '@nestjs/common';
import { setTimeout as delay } from 'node:timers/promises';
import { describeError } from '../../common/describe-error';
import { ConsoleSettings } from '../../config/settings';
import type { CheckResult } from '../../diagnosis/check';

/** How long the page waits for the checks. Those that take longer appear as they are done. */
const PATIENCE_MS = 1_000;

/** How long what was found is shown without looking again. */
const FRESH_MS = 60_000;

export interface SetupReport {
  startedAt: Date;
  results: CheckResult[];
  /** What is being checked now; null when all is done. */
  current: string | null;
  /** Why the checks could not be made. */
  fault: string | null;
}

/** The checks of `doctor`, made beside the page that shows them. Nobody waits for a Google that hangs. */
@Injectable()
export class SetupChecks {
  private report: SetupReport | undefined;
  private running: Promise<void> | undefined;

  constructor(private readonly settings: ConsoleSettings) {}

  /** @param again whether to check anew what was found a moment ago */
  async read(again = false): Promise<SetupReport> {
    const isOld = !this.report || Date.now() - this.report.startedAt.getTime() > FRESH_MS;
    if ((isOld || again) && !this.running) {
      const report: SetupReport = {
        startedAt: new Date(),
        results: [],
        current: 'the settings',
        fault: null,
      };
      this.report = report;
      this.running = this.run(report).finally(() => (this.running = undefined));
    }
    if (this.running) await Promise.race([this.running, delay(PATIENCE_MS, undefined, { ref: false })]);
    return this.report!;
  }

  private async run(report: SetupReport): Promise<void> {
    try {
      // Loaded when somebody looks: the checks bring a good part of the commands with them.
      const [{ ALL_CHECKS }, { openContext, closeContext }, { runChecks }] = loadChecks();
      const context = await openContext(this.settings.environment);
      try {
        for (const check of ALL_CHECKS) {
          report.current = check.question;
          report.results.push(...(await runChecks([check], context)));
        }
      } finally {
        await closeContext(context);
      }
    } catch (error) {
      report.fault = describeError(error);
    } finally {
      report.current = null;
    }
  }
}

/* eslint-disable @typescript-eslint/no-require-imports -- `import()` of a file that is compiled for tests has no path of its own. */
function loadChecks() {
  return [
    require('../../diagnosis/checks/all-checks') as typeof import('../../diagnosis/checks/all-checks'),
    require('../../diagnosis/open-context') as typeof import('../../diagnosis/open-context'),
    require('../../diagnosis/run-checks') as typeof import('../../diagnosis/run-checks'),
  ] as const;
}
