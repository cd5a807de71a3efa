import { Injectable, Logger } from '@nestjs/common';
import { isConnectionError } from '../../common/connection-error';
import { describeError } from '../../common/describe-error';
import { InboxwireError } from '../../common/inboxwire.error';
import { BudgetSpentError } from '../../gmail/gmail.errors';
import { isNoFaultOfRecords, readingMode } from '../cursor/poison';
import { ReauthorizationService } from '../cursor/reauthorization.service';
import { PostponedError, SupersededError } from '../cursor/sync.errors';
import { classifySyncFailure } from '../cursor/sync-outcome';
import type { SyncProgress } from '../cursor/sync.types';
import { BackfillRunService } from './backfill-run.service';
import { BackfillStore } from './backfill.store';
import type { BackfillClaim, BackfillRun } from './backfill.types';

/** One run of a backfill, from claim to return. */
@Injectable()
export class BackfillClaimService {
  private readonly logger = new Logger(BackfillClaimService.name);

  constructor(
    private readonly runs: BackfillRunService,
    private readonly store: BackfillStore,
    private readonly reauthorization: ReauthorizationService,
  ) {}

  /**
   * Goes on with a claimed backfill and returns the claim, whatever happens.
   *
   * @returns in how many milliseconds it is due again
   */
  async run(claim: BackfillClaim, signal: AbortSignal): Promise<number> {
    const { mailboxId } = claim;
    const started = performance.now();
    const run = this.newRun(claim, signal);
    let outcome = 'failed';
    try {
      outcome = (await this.runs.read(run)) ? 'done' : 'continued';
      if (outcome === 'continued') await this.store.release(mailboxId);
      return 0;
    } catch (error) {
      const wait = signal.aborted ? 0 : waitOf(error);
      if (wait === undefined) return await this.fail(run, error);
      outcome = 'postponed';
      await this.store.release(mailboxId, wait);
      return wait;
    } finally {
      const ms = Math.round(performance.now() - started);
      const { events } = run.progress;
      this.logger.log({ mailboxId, outcome, events, ms }, 'backfill');
    }
  }

  private newRun(claim: BackfillClaim, signal: AbortSignal): BackfillRun {
    const { mailboxId, mailboxRevision, historyId, attempts } = claim;
    const progress: SyncProgress = { cursor: historyId, events: 0, pages: 0, outcome: 'failed' };
    return {
      ...{ claim, progress, signal, mode: readingMode(attempts) },
      mailbox: { id: mailboxId, revision: mailboxRevision },
      caller: { mailboxId, priority: 'backfill', signal },
      suspect: (messageId) => this.store.suspect(mailboxId, messageId),
    };
  }

  private async fail({ claim, mailbox, progress }: BackfillRun, error: unknown): Promise<number> {
    const { mailboxId, attempts } = claim;
    if (!(error instanceof InboxwireError))
      this.logger[isConnectionError(error) ? 'warn' : 'error'](
        { mailboxId, error: describeError(error) },
        'a backfill was interrupted',
      );
    const failure = classifySyncFailure(error, claim.failures + 1);
    const { code, message } = failure.error;
    this.logger.warn({ mailboxId, code }, message);
    if (failure.kind === 'reauthorize') {
      // It waits for the owner, and goes on where it is.
      await this.reauthorization.require(mailbox, failure.reason);
      await this.store.fail(mailboxId, failure.error, 0, false);
      return 0;
    }
    const wait = Math.max(failure.wait, (failure.notBefore?.getTime() ?? 0) - Date.now());
    const counts = !isNoFaultOfRecords(error, attempts, progress.pages);
    await this.store.fail(mailboxId, failure.error, wait, counts);
    return wait;
  }
}

/** For how long a backfill rests that ended without a fault; undefined: it has failed. */
function waitOf(error: unknown): number | undefined {
  if (error instanceof BudgetSpentError) return Math.max(0, error.retryAt.getTime() - Date.now());
  if (error instanceof PostponedError) return error.wait;
  return error instanceof SupersededError ? 0 : undefined;
}
