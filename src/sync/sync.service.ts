import { Injectable, Logger } from '@nestjs/common';
import { setTimeout as delay } from 'node:timers/promises';
import { isConnectionError } from '../common/connection-error';
import { describeError } from '../common/describe-error';
import { InboxwireError } from '../common/inboxwire.error';
import { HistoryReaderService } from './history-reader.service';
import { OutageWait } from './outage-wait';
import { ReauthorizationService } from './reauthorization.service';
import { type SyncClaim, SyncClaimStore } from './sync-claim.store';
import { judgeSyncFailure } from './sync-outcome';
import type { SyncProgress } from './sync.types';

/** How often, in milliseconds, to try to return a claim while the database is away. */
const RETURN_AGAIN = 500;

/** One sync from claim to return: reads, and sees to what happens when that fails. */
@Injectable()
export class SyncService {
  private readonly logger = new Logger(SyncService.name);
  private readonly outage = new OutageWait();

  constructor(
    private readonly reader: HistoryReaderService,
    private readonly store: SyncClaimStore,
    private readonly reauthorization: ReauthorizationService,
  ) {}

  /**
   * Syncs a claimed mailbox and returns the claim, whatever happens.
   *
   * @returns in how many milliseconds the mailbox is due again, when it is
   */
  async run(claim: SyncClaim, signal: AbortSignal): Promise<number | null> {
    const started = performance.now();
    const progress: SyncProgress = { cursor: claim.historyId, events: 0, pages: 0 };
    let outcome = 'failed';
    try {
      const { moved, dueIn } = await this.reader.read(claim, progress, signal);
      this.outage.end();
      outcome = moved ? 'done' : 'superseded';
      if (!moved) await this.store.release(claim.mailboxId);
      return dueIn;
    } catch (error) {
      if (!signal.aborted && !(error instanceof InboxwireError) && isConnectionError(error)) {
        outcome = 'database_away';
        return await this.waitForDatabase(claim, error, signal);
      }
      if (!signal.aborted) return await this.fail(claim, error);
      outcome = 'returned';
      await this.store.release(claim.mailboxId);
      return null;
    } finally {
      const { cursor, events, pages } = progress;
      const cursors = { from: claim.historyId.toString(), to: cursor.toString() };
      const ms = Math.round(performance.now() - started);
      this.logger.log({ mailboxId: claim.mailboxId, outcome, ...cursors, events, pages, ms }, 'sync');
    }
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
        await this.store.postpone(mailboxId, wait);
        return wait;
      } catch (error) {
        if (!isConnectionError(error)) throw error;
        await delay(RETURN_AGAIN, undefined, { signal });
      }
    }
  }

  private async fail(claim: SyncClaim, error: unknown): Promise<number | null> {
    const { mailboxId } = claim;
    if (!(error instanceof InboxwireError))
      this.logger.error({ mailboxId, error: describeError(error) }, 'sync failed unexpectedly');
    const failure = judgeSyncFailure(error, claim.failures + 1);
    if (failure.kind === 'reauthorize') {
      await this.reauthorization.require(mailboxId, failure.reason);
      await this.store.fail(mailboxId, failure.error, 0, null);
      return null;
    }
    const { code, message } = failure.error;
    this.logger.warn({ mailboxId, code, waitMs: failure.wait, notBefore: failure.notBefore }, message);
    await this.store.fail(mailboxId, failure.error, failure.wait, failure.notBefore);
    return failure.wait;
  }
}
