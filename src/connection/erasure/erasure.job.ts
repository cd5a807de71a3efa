import { Injectable, Logger } from '@nestjs/common';
import { backoff } from '../../background/backoff';
import { BackgroundJobs } from '../../background/background-jobs';
import { CLAIM_RENEWAL_INTERVAL_MS } from '../../background/replica';
import { describeError } from '../../common/describe-error';
import { type ClaimedErasure, ErasureQueueStore } from './erasure-queue.store';
import { ErasureRunService } from './erasure-run.service';

/** Few: nothing waits for an erasure, and each writes all the time. */
const CONCURRENCY = 2;
const POLL_INTERVAL_MS = 2_000;
const SHUTDOWN_TIMEOUT_MS = 5_000;
/** After a run that has left something. */
const LEFT_WAIT_MS = 250;
const RETRY_BASE_MS = 1_000;
const MAX_RETRY_MS = 60_000;

/** Erases the mailboxes of which that was asked for, once they are disconnected. */
@Injectable()
export class ErasureJob {
  private readonly logger = new Logger(ErasureJob.name);

  constructor(
    private readonly queue: ErasureQueueStore,
    private readonly runs: ErasureRunService,
    jobs: BackgroundJobs,
  ) {
    jobs.addLoop('erasure', {
      concurrency: CONCURRENCY,
      pollInterval: POLL_INTERVAL_MS,
      shutdownTimeout: SHUTDOWN_TIMEOUT_MS,
      claim: (limit) => this.queue.claim(limit),
      run: (erasure, signal) => this.run(erasure, signal),
      heartbeat: { interval: CLAIM_RENEWAL_INTERVAL_MS, renew: (running) => this.queue.renew(running) },
    });
  }

  /** @returns in how many milliseconds it is due again */
  private async run(erasure: ClaimedErasure, signal: AbortSignal): Promise<number> {
    try {
      if (await this.runs.run(erasure, signal)) return 0;
      await this.queue.release(erasure, LEFT_WAIT_MS, false);
      return LEFT_WAIT_MS;
    } catch (error) {
      const wait = signal.aborted ? 0 : backoff(erasure.failures + 1, RETRY_BASE_MS, MAX_RETRY_MS);
      if (!signal.aborted)
        this.logger.warn(
          { mailboxId: erasure.id, error: describeError(error), retryInMs: wait },
          'an erasure was interrupted; it goes on',
        );
      await this.queue.release(erasure, wait, !signal.aborted);
      return wait;
    }
  }
}
