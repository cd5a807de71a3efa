import { setTimeout as delay } from 'node:timers/promises';
import { Injectable } from '@nestjs/common';
import { EventLogService } from '../../event/log/event-log.service';
import { BudgetSpentError, GmailApiError } from '../../gmail/gmail.errors';
import type { GmailCaller } from '../../gmail/quota/costs';
import { MAX_SLEEP_MS, MAX_WAIT_IN_PLACE_MS, type Patience, waitForBudget } from '../../gmail/quota/patience';
import { PostponedError, SupersededError } from '../cursor/sync.errors';
import { classifySyncFailure } from '../cursor/sync-outcome';
import { MailboxStateService } from './mailbox-state.service';
import { SnapshotBuildStore, type SnapshotClaim } from './snapshot-build.store';
import { SnapshotStore } from './snapshot.store';

/** How often Google may refuse a call for the rate before the build gives up. */
const MAX_REFUSALS = 20;

/** Builds a snapshot from Gmail's lists, slowly, while syncs go on and write into it what they see. */
@Injectable()
export class SnapshotBuilder {
  constructor(
    private readonly store: SnapshotStore,
    private readonly builds: SnapshotBuildStore,
    private readonly state: MailboxStateService,
    private readonly log: EventLogService,
  ) {}

  /**
   * @returns how many messages it holds
   * @throws SupersededError, PostponedError and what the Gmail client throws
   */
  async build(claim: SnapshotClaim, signal: AbortSignal): Promise<number> {
    const { mailboxId } = claim;
    // Under the append lock: a sync commits either before the beginning, and the lists show it, or writes into the snapshot.
    const cursor = await this.log.transaction(mailboxId, ({ manager }) => this.builds.begin(manager, claim));
    const snapshot = await this.store.find(mailboxId);
    if (snapshot?.id !== claim.id) throw new SupersededError();
    const patience = this.patience(claim, signal);
    const caller: GmailCaller = { mailboxId, priority: 'snapshot', signal, patience };
    await this.state.fill(caller, cursor, snapshot);
    return this.log.transaction(mailboxId, ({ manager }) => this.builds.complete(manager, claim));
  }

  /** A build begins from nothing: it waits where it is for its budget, and for the times that Google names. */
  private patience(claim: SnapshotClaim, signal: AbortSignal): Patience {
    let refusals = 0;
    return {
      beforeCall: () => this.untilAllowed(claim, signal),
      waitAfter: async (error) => {
        if (error instanceof BudgetSpentError) return waitForBudget(error, signal);
        if (!isWorthWaiting(error) || ++refusals > MAX_REFUSALS) throw error;
        const failure = classifySyncFailure(error, refusals);
        if (failure.kind === 'retry' && failure.notBefore) await this.builds.wait(claim, failure.notBefore);
      },
    };
  }

  /** Google may have asked for a wait, and the mailbox may be disconnected meanwhile. */
  private async untilAllowed(claim: SnapshotClaim, signal: AbortSignal): Promise<void> {
    for (;;) {
      const wait = await this.builds.mayAskIn(claim);
      if (wait === 0) return;
      if (wait > MAX_WAIT_IN_PLACE_MS) throw new PostponedError(wait, 'Google has asked for a wait');
      await delay(Math.min(Math.ceil(wait), MAX_SLEEP_MS), undefined, { signal });
    }
  }
}

/** A limit of Google's that ends soon. Until one that does not, the place is somebody else's. */
function isWorthWaiting(error: unknown): boolean {
  if (!(error instanceof GmailApiError) || error.code !== 'rate_limited') return false;
  return (error.details.retryAt?.getTime() ?? 0) - Date.now() <= MAX_WAIT_IN_PLACE_MS;
}
