import {
  type BeforeApplicationShutdown,
  Injectable,
  Logger,
  type OnApplicationBootstrap,
} from '@nestjs/common';
import { backoff } from '../../background/backoff';
import { describeError } from '../../common/describe-error';
import { InboxwireError } from '../../common/inboxwire.error';
import { WorkLoop } from '../../background/work-loop';
import { BackgroundJobs } from '../../background/background-jobs';
import { CLAIM_HEARTBEAT } from '../../background/replica';
import { DisconnectQueueStore } from './disconnect-queue.store';
import { DisconnectStepsService } from './disconnect-steps.service';
import type { ClaimedDisconnect } from './disconnect.entity';

const POLL = 2_000;
const SHUTDOWN_TIMEOUT = 5_000;
const RETRY = { base: 1_000, cap: 5 * 60_000 };

/** Finishes what disconnects are asked for, on whichever replica comes first. */
@Injectable()
export class DisconnectJob implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly logger = new Logger(DisconnectJob.name);
  private readonly busy = new Set<string>();
  private readonly loop = new WorkLoop<ClaimedDisconnect>({
    name: 'disconnect',
    concurrency: 4,
    pollInterval: POLL,
    claim: (limit) => this.queue.claim(limit, [...this.busy]),
    run: (disconnect, signal) => this.run(disconnect, signal),
    heartbeat: { interval: CLAIM_HEARTBEAT, renew: () => this.queue.renew() },
    logger: this.logger,
  });

  constructor(
    private readonly queue: DisconnectQueueStore,
    private readonly steps: DisconnectStepsService,
    loops: BackgroundJobs,
  ) {
    loops.add(this.loop);
  }

  onApplicationBootstrap(): void {
    this.loop.start();
  }

  async beforeApplicationShutdown(): Promise<void> {
    await this.loop.stop(SHUTDOWN_TIMEOUT);
    // Without a database the claims run out by themselves.
    await this.queue
      .returnAll()
      .catch((error: unknown) =>
        this.logger.warn({ error: describeError(error) }, 'cannot return the claims'),
      );
  }

  /** There is a new disconnect to do. */
  wake(): void {
    this.loop.wake();
  }

  private async run(disconnect: ClaimedDisconnect, signal: AbortSignal): Promise<void> {
    const { mailboxId } = disconnect;
    this.busy.add(mailboxId);
    try {
      await this.steps.run(disconnect, signal);
    } catch (error) {
      await this.postpone(disconnect, error);
    } finally {
      this.busy.delete(mailboxId);
    }
  }

  private async postpone(disconnect: ClaimedDisconnect, error: unknown): Promise<void> {
    const wait = backoff(disconnect.failures + 1, RETRY.base, RETRY.cap);
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
