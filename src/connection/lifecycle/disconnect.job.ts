import { Injectable, Logger } from '@nestjs/common';
import { backoff } from '../../background/backoff';
import { BackgroundJobs } from '../../background/background-jobs';
import { CLAIM_RENEWAL_INTERVAL_MS } from '../../background/replica';
import type { WorkLoop } from '../../background/work-loop';
import { describeError } from '../../common/describe-error';
import { InboxwireError } from '../../common/inboxwire.error';
import { DisconnectQueueStore } from './disconnect-queue.store';
import { DisconnectStepsService } from './disconnect-steps.service';
import { DisplacedMailboxService } from './displaced-mailbox.service';
import type { ClaimedDisconnect } from './disconnect.entity';

/** Disconnects mostly wait for Google, which may leave a call unanswered for 20 s: those for which it hangs hold up no other. */
const CONCURRENCY = 64;
/** So many have begun within the last half second: a thousand that are asked for at once leave connections to the others. */
const MAX_BEGINNING = 8;
const BEGINNING_MS = 500;
const POLL_INTERVAL_MS = 2_000;
const SHUTDOWN_TIMEOUT_MS = 5_000;
const RETRY_BASE_MS = 1_000;
const MAX_RETRY_MS = 5 * 60_000;

/** Finishes what disconnects are asked for, on whichever replica comes first. */
@Injectable()
export class DisconnectJob {
  private readonly logger = new Logger(DisconnectJob.name);
  private readonly busy = new Set<string>();
  private readonly beginning = new Set<string>();
  private readonly loop: WorkLoop<ClaimedDisconnect>;

  constructor(
    private readonly queue: DisconnectQueueStore,
    private readonly steps: DisconnectStepsService,
    private readonly displaced: DisplacedMailboxService,
    private readonly jobs: BackgroundJobs,
  ) {
    this.loop = jobs.addLoop('disconnect', {
      concurrency: CONCURRENCY,
      pollInterval: POLL_INTERVAL_MS,
      shutdownTimeout: SHUTDOWN_TIMEOUT_MS,
      claim: (limit) => this.claim(limit),
      run: (disconnect, signal) => this.run(disconnect, signal),
      heartbeat: { interval: CLAIM_RENEWAL_INTERVAL_MS, renew: () => this.queue.renew() },
      // Without a database the claims run out by themselves.
      afterStop: () => this.queue.returnAll(),
    });
  }

  private async claim(limit: number): Promise<ClaimedDisconnect[]> {
    const free = Math.min(limit, MAX_BEGINNING - this.beginning.size);
    if (free <= 0) return [];
    await this.queue.addDisplaced();
    return this.queue.claim(free, [...this.busy]);
  }

  private async run(disconnect: ClaimedDisconnect, signal: AbortSignal): Promise<void> {
    const { mailboxId } = disconnect;
    this.busy.add(mailboxId);
    this.beginning.add(mailboxId);
    const begun = setTimeout(() => {
      this.beginning.delete(mailboxId);
      this.loop.wake();
    }, BEGINNING_MS);
    try {
      if (disconnect.step === 'identify') await this.displaced.settle(disconnect);
      else await this.steps.run(disconnect, signal);
      this.jobs.wake('erasure');
    } catch (error) {
      await this.postpone(disconnect, error);
    } finally {
      clearTimeout(begun);
      this.beginning.delete(mailboxId);
      this.busy.delete(mailboxId);
    }
  }

  private async postpone(disconnect: ClaimedDisconnect, error: unknown): Promise<void> {
    const wait = backoff(disconnect.failures + 1, RETRY_BASE_MS, MAX_RETRY_MS);
    const code = error instanceof InboxwireError ? error.code : 'internal_error';
    const message = describeError(error);
    this.logger.warn(
      { mailboxId: disconnect.mailboxId, code, error: message, retryInMs: wait },
      'a disconnect has to wait',
    );
    await this.queue.postpone(disconnect, wait, { code, message, at: new Date().toISOString() });
    this.loop.wakeIn(wait);
  }
}
