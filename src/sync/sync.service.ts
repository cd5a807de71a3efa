import { Injectable, Logger } from '@nestjs/common';
import { setTimeout as delay } from 'node:timers/promises';
import { isConnectionError } from '../common/connection-error';
import { describeError } from '../common/describe-error';
import { InboxwireError } from '../common/inboxwire.error';
import { Metrics } from '../observability/metrics';
import { inSpanOf, type Span, SpanKind } from '../observability/tracing';
import type { MailboxAtRevision } from '../mailbox/mailbox.types';
import { BudgetSpentError } from '../gmail/gmail.errors';
import { readingMode, isNoFaultOfRecords } from './cursor/poison';
import { ReauthorizationService } from './cursor/reauthorization.service';
import { SyncClaimStore } from './cursor/sync-claim.store';
import { classifySyncFailure } from './cursor/sync-outcome';
import { GapFoundError, PostponedError, SupersededError } from './cursor/sync.errors';
import type { SyncClaim, SyncProgress, SyncRun } from './cursor/sync.types';
import type { LendablePlace } from './lendable-place';
import { SyncRunService } from './sync-run.service';
import { OutageWait } from './outage-wait';

/** How often to try to return a claim while the database is away. */
const RETURN_INTERVAL_MS = 500;

/** One sync from claim to return: reads, and decides what happens when that fails. */
@Injectable()
export class SyncService {
  private readonly logger = new Logger(SyncService.name);
  private readonly outage = new OutageWait();

  constructor(
    private readonly reader: SyncRunService,
    private readonly store: SyncClaimStore,
    private readonly reauthorization: ReauthorizationService,
    private readonly metrics: Metrics,
  ) {}

  /**
   * Syncs a claimed mailbox and returns the claim, whatever happens.
   *
   * @param place lent to others while Google leaves a call unanswered
   * @returns in how many milliseconds the mailbox is due again, when it is
   */
  run(claim: SyncClaim, signal: AbortSignal, place: LendablePlace): Promise<number | null> {
    const traces = claim.notifications.map(({ trace }) => trace.trace);
    const attributes = {
      'inboxwire.mailbox.id': claim.mailboxId,
      'messaging.message.id': claim.notifications[0]?.trace.messageId,
    };
    return inSpanOf('sync.run', traces, { kind: SpanKind.CONSUMER, attributes }, (span) =>
      this.sync(this.newRun(claim, signal, place), span),
    );
  }

  private async sync(run: SyncRun, span: Span): Promise<number | null> {
    const started = performance.now();
    const { claim, progress, signal } = run;
    try {
      const dueIn = await this.reader.read(run);
      this.outage.end();
      progress.outcome = 'done';
      return dueIn;
    } catch (error) {
      return await this.returnClaim(claim, error, progress, signal);
    } finally {
      this.report(claim, progress, performance.now() - started);
      const { outcome, events } = progress;
      span.setAttributes({ 'inboxwire.outcome': outcome, 'inboxwire.events': events });
    }
  }

  private newRun(claim: SyncClaim, signal: AbortSignal, place: LendablePlace): SyncRun {
    const { mailboxId } = claim;
    const caller = { mailboxId, priority: 'sync', signal, place } as const;
    const progress: SyncProgress = { cursor: claim.historyId, events: 0, pages: 0, outcome: 'failed' };
    const suspect = (messageId: string) => this.store.suspect(mailboxId, messageId);
    const mode = readingMode(claim.attempts);
    return { mailbox: mailboxOf(claim), claim, caller, mode, progress, signal, suspect };
  }

  /** @returns in how many milliseconds the mailbox is due again */
  private async returnClaim(
    claim: SyncClaim,
    error: unknown,
    progress: SyncProgress,
    signal: AbortSignal,
  ): Promise<number | null> {
    if (signal.aborted || error instanceof SupersededError) {
      progress.outcome = signal.aborted ? 'returned' : 'superseded';
      await this.store.release(claim.mailboxId);
      // What was due then still is.
      return 0;
    }
    if (error instanceof GapFoundError) {
      progress.outcome = 'postponed';
      await this.store.queueRepair(claim.mailboxId);
      return 0;
    }
    const postponed = postponement(error);
    if (postponed) {
      progress.outcome = 'postponed';
      await this.store.postpone(claim.mailboxId, postponed.wait, postponed.firm);
      return postponed.wait;
    }
    if (!(error instanceof InboxwireError) && isConnectionError(error)) {
      progress.outcome = 'database_away';
      return this.waitForDatabase(claim, error, signal);
    }
    return this.fail(claim, error, progress);
  }

  private report(
    { mailboxId, historyId, notifications }: SyncClaim,
    { cursor, events, pages, outcome }: SyncProgress,
    ms: number,
  ): void {
    const cursors = { from: historyId.toString(), to: cursor.toString() };
    const notificationIds = notifications.map(({ trace }) => trace.messageId);
    this.logger.log(
      { mailboxId, outcome, ...cursors, events, pages, ms: Math.round(ms), notificationIds },
      'sync',
    );
    this.metrics.syncs.inc({ outcome });
    this.metrics.syncDuration.observe(ms / 1_000);
  }

  /**
   * That the database is away, full or read-only is no failure of the mailbox: its back-off does not grow, and it goes on
   * as soon as it can. The claim is kept meanwhile, and returned with the database's first answer.
   */
  private async waitForDatabase(
    { mailboxId }: SyncClaim,
    cause: unknown,
    signal: AbortSignal,
  ): Promise<number> {
    this.logger.warn({ mailboxId, error: describeError(cause) }, 'a sync waits for the database');
    const wait = this.outage.wait();
    for (;;) {
      try {
        await this.store.postpone(mailboxId, wait, false);
        return wait;
      } catch (error) {
        if (!isConnectionError(error)) throw error;
        await delay(RETURN_INTERVAL_MS, undefined, { signal });
      }
    }
  }

  private async fail(claim: SyncClaim, error: unknown, { pages }: SyncProgress): Promise<number | null> {
    const { mailboxId } = claim;
    if (!(error instanceof InboxwireError))
      this.logger.error({ mailboxId, error: describeError(error) }, 'sync failed unexpectedly');
    const failure = classifySyncFailure(error, claim.failures + 1);
    if (failure.kind === 'reauthorize') {
      await this.reauthorization.require(mailboxOf(claim), failure.reason);
      await this.store.fail(mailboxId, failure.error, { wait: 0, notBefore: null, counts: false });
      return null;
    }
    const { code, message } = failure.error;
    const { wait, notBefore } = failure;
    const counts = !isNoFaultOfRecords(error, claim.attempts, pages);
    this.logger.warn({ mailboxId, code, waitMs: wait, notBefore, attempts: claim.attempts }, message);
    await this.store.fail(mailboxId, failure.error, { wait, notBefore, counts });
    return wait;
  }
}

/** @returns a wait, when a run ended without a fault: no error to be shown or counted */
function postponement(error: unknown): { wait: number; firm: boolean } | undefined {
  if (error instanceof BudgetSpentError)
    return { wait: Math.max(0, error.retryAt.getTime() - Date.now()), firm: true };
  return error instanceof PostponedError ? error : undefined;
}

function mailboxOf({ mailboxId, mailboxRevision }: SyncClaim): MailboxAtRevision {
  return { id: mailboxId, revision: mailboxRevision };
}
