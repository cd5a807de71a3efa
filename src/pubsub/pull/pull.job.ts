import { setTimeout as delay } from 'node:timers/promises';
import { Injectable, Logger } from '@nestjs/common';
import { backoff } from '../../background/backoff';
import type { BackgroundJob } from '../../background/background-job';
import { BackgroundJobs } from '../../background/background-jobs';
import { withTimeout } from '../../common/with-timeout';
import { PubsubSettings } from '../../config/settings';
import { explainPubsubError } from '../explain-pubsub-error';
import { type OpenSubscription, PubsubClient } from '../pubsub.client';
import { PullHealthService } from './pull-health.service';
import { PulledMessageService } from './pulled-message.service';

const FIRST_WAIT_MS = 500;
const MAX_WAIT_MS = 5_000;

/** One that was open for longer begins with the shortest wait again. */
const WAS_OPEN_MS = 30_000;

/** The library waits for what is worked on; should it hang, nothing else is kept from ending. */
const CLOSE_TIMEOUT_MS = 5_000;

/**
 * Reads the subscription for as long as the process lives. The library opens a stream that ends again; it gives up when the
 * subscription is deleted, when a permission is missing, or when it is not there in time: then this opens it anew.
 */
@Injectable()
export class PullJob implements BackgroundJob {
  private readonly logger = new Logger(PullJob.name);
  private readonly stopping = new AbortController();
  private running: Promise<void> | undefined;

  constructor(
    private readonly pubsub: PubsubClient,
    private readonly messages: PulledMessageService,
    private readonly health: PullHealthService,
    private readonly settings: PubsubSettings,
    jobs: BackgroundJobs,
  ) {
    if (settings.delivery === 'pull') jobs.add('pull', this);
  }

  start(): void {
    this.running = this.run();
  }

  /** Gets everything as it comes. */
  wake(): void {}

  /** It opens the subscription again without end; whether it is open is a check of its own. */
  readonly alive = true;

  async stop(): Promise<void> {
    this.stopping.abort();
    await this.running;
  }

  private async run(): Promise<void> {
    const { signal } = this.stopping;
    for (let failures = 1; !signal.aborted; failures++) {
      const openedAt = performance.now();
      const error = await this.read(signal);
      if (signal.aborted) return;
      if (performance.now() - openedAt > WAS_OPEN_MS) failures = 1;
      this.report(error, failures);
      await delay(backoff(failures, FIRST_WAIT_MS, MAX_WAIT_MS), undefined, { signal }).catch(
        () => undefined,
      );
    }
  }

  /** @returns why the subscription is not open any more */
  private async read(signal: AbortSignal): Promise<unknown> {
    const ended = Promise.withResolvers<unknown>();
    const stop = () => ended.resolve(undefined);
    signal.addEventListener('abort', stop);
    let subscription: OpenSubscription | undefined;
    try {
      subscription = await this.pubsub.open(this.settings.subscription, {
        message: (message) => {
          this.health.received();
          void this.messages.handle(message, signal);
        },
        interrupted: () => this.health.interrupted(),
        ended: ended.resolve,
      });
      this.health.opened(subscription);
      return await ended.promise;
    } catch (error) {
      return error;
    } finally {
      signal.removeEventListener('abort', stop);
      await this.close(subscription);
    }
  }

  /** What was received and is not committed is given back. */
  private async close(subscription: OpenSubscription | undefined): Promise<void> {
    const late = () => new Error('the subscription did not close in time');
    await withTimeout(subscription?.close() ?? Promise.resolve(), CLOSE_TIMEOUT_MS, late).catch(
      () => undefined,
    );
  }

  private report(error: unknown, failures: number): void {
    const { subscription } = this.settings;
    const { code, remedy } = explainPubsubError(error, subscription, 'roles/pubsub.subscriber');
    this.health.ended(remedy);
    const facts = { subscription, code, failures };
    // What passes by itself is no error; what stays needs a person.
    if (failures === 3) this.logger.error(facts, `notifications cannot be pulled: ${remedy}`);
    else this.logger.warn(facts, `notifications cannot be pulled: ${remedy}`);
  }
}
