import { Injectable, Logger } from '@nestjs/common';
import { describeError } from '../common/describe-error';
import { InboxwireError } from '../common/inboxwire.error';
import { MailboxCursorService } from '../sync/mailbox-cursor.service';
import { WatchCallService } from './watch-call.service';
import { WatchOutcomeService } from './watch-outcome.service';
import { WatchStore } from './watch.store';

/** How many watches are renewed side by side: enough for a fleet, few enough to leave the quota to syncs. */
const CONCURRENCY = 8;

/** Renews watches before they run out. Safe on any number of replicas: each watch is claimed by one of them. */
@Injectable()
export class WatchRenewalService {
  private readonly logger = new Logger(WatchRenewalService.name);

  constructor(
    private readonly store: WatchStore,
    private readonly calls: WatchCallService,
    private readonly outcomes: WatchOutcomeService,
    private readonly cursors: MailboxCursorService,
  ) {}

  /**
   * Renews what is due now or silent, nearest expiry first, once each. What becomes due meanwhile is left to the next run,
   * and so is what cannot be renewed for a reason of our own: a run always ends.
   */
  async renewDue(signal: AbortSignal): Promise<void> {
    await this.reportExpired(signal);
    await this.store.expedite(await this.cursors.silent());
    const startedAt = await this.store.startRun();
    const failed: string[] = [];
    while (!signal.aborted) {
      const due = await this.store.claimDue(CONCURRENCY, startedAt, failed);
      if (due.length === 0) return;
      const decided = await Promise.all(due.map((mailboxId) => this.renewClaimed(mailboxId)));
      failed.push(...due.filter((_, index) => !decided[index]));
    }
  }

  /** Reports each watch that has run out, once. */
  async reportExpired(signal: AbortSignal): Promise<void> {
    for (const mailboxId of await this.store.unreportedExpiries()) {
      if (signal.aborted) return;
      await this.outcomes.expired(mailboxId);
    }
  }

  /** @returns whether it has an outcome, and with it the time of the next renewal */
  private async renewClaimed(mailboxId: string): Promise<boolean> {
    try {
      await this.calls.oneAtATime(mailboxId, () => this.renew(mailboxId));
      return true;
    } catch (error) {
      // Its claim is returned and the watch stays due: the next run of the job takes it up again.
      this.logger.warn({ mailboxId, error: describeError(error) }, 'the watch could not be renewed');
      return false;
    } finally {
      await this.store.release(mailboxId);
    }
  }

  private async renew(mailboxId: string): Promise<void> {
    // While this waited for its turn somebody may have stopped or started it.
    const filter = await this.store.due(mailboxId);
    if (!filter) return;
    await this.calls.checkAddress(mailboxId);
    const request = await this.outcomes.begin(mailboxId, filter, false);
    let stopped = false;
    try {
      stopped = await this.stopIfSilent(mailboxId);
      const renewed = await this.calls.renew(mailboxId, filter);
      await this.outcomes.granted({ ...request, filter: renewed.filter }, renewed.started, renewed.missing);
    } catch (error) {
      if (!(error instanceof InboxwireError)) throw error;
      if (stopped) await this.store.ended(mailboxId);
      await this.outcomes.refused(request, error);
    }
  }

  /** A renewal alone does not wake a watch that Gmail has forgotten: it is stopped first. */
  private async stopIfSilent(mailboxId: string): Promise<boolean> {
    const [silent] = await this.cursors.silent([mailboxId]);
    if (silent === undefined) return false;
    this.logger.warn({ mailboxId }, 'no notification announced its changes: the watch is started afresh');
    await this.calls.stop(mailboxId);
    return true;
  }
}
