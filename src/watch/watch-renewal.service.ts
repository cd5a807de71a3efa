import { Injectable, Logger } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import type { Repository } from 'typeorm';
import { describeError } from '../common/describe-error';
import { InboxwireError } from '../common/inboxwire.error';
import { MailboxCursorService } from '../sync/mailbox-cursor.service';
import { WatchCallService } from './watch-call.service';
import { WatchEntity } from './watch.entity';
import { WatchOutcomeService } from './watch-outcome.service';
import { WatchStore } from './watch.store';

/** How many watches are renewed side by side: enough for a fleet, few enough to leave the quota to syncs. */
const CONCURRENCY = 8;

/** Renews watches before they run out. Safe on any number of replicas: each watch is claimed by one of them. */
@Injectable()
export class WatchRenewalService {
  private readonly logger = new Logger(WatchRenewalService.name);

  constructor(
    @InjectRepository(WatchEntity) private readonly watches: Repository<WatchEntity>,
    private readonly store: WatchStore,
    private readonly calls: WatchCallService,
    private readonly outcomes: WatchOutcomeService,
    private readonly cursors: MailboxCursorService,
  ) {}

  /**
   * Renews what is due or silent, nearest expiry first, until nothing is left; and tells of what ran out. What cannot be
   * renewed for a reason of our own stays due, and is left to the next look.
   */
  async renewDue(signal: AbortSignal): Promise<void> {
    await this.reportExpired(signal);
    await this.store.expedite(await this.cursors.silent());
    const failed: string[] = [];
    while (!signal.aborted) {
      const due = await this.store.claimDue(CONCURRENCY, failed);
      if (due.length === 0) return;
      const decided = await Promise.all(due.map((mailboxId) => this.renewClaimed(mailboxId)));
      failed.push(...due.filter((_, index) => !decided[index]));
    }
  }

  private async reportExpired(signal: AbortSignal): Promise<void> {
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
      // Its claim is returned and the watch stays due: the next look of the job takes it up again.
      this.logger.warn({ mailboxId, error: describeError(error) }, 'the watch could not be renewed');
      return false;
    } finally {
      await this.store.release(mailboxId);
    }
  }

  private async renew(mailboxId: string): Promise<void> {
    const watch = await this.watches.findOneBy({ mailboxId });
    // While this waited for its turn somebody may have stopped or started it.
    if (!watch || watch.stoppedAt || !watch.renewAt || watch.renewAt > new Date()) return;
    await this.calls.checkAddress(mailboxId);
    const { labelIds, labelFilterBehavior } = watch;
    const request = await this.outcomes.begin(mailboxId, { labelIds, labelFilterBehavior }, false);
    let stopped = false;
    try {
      stopped = await this.stopIfSilent(mailboxId);
      const { started, filter, missing } = await this.calls.renew(mailboxId, request.filter);
      await this.outcomes.granted({ ...request, filter }, started, missing);
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
