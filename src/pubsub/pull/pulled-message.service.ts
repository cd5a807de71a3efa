import { setTimeout as delay } from 'node:timers/promises';
import { Injectable, Logger } from '@nestjs/common';
import { backoff } from '../../background/backoff';
import { describeError } from '../../common/describe-error';
import { LogThrottle } from '../../observability/log-throttle';
import { Metrics } from '../../observability/metrics';
import { inSpan, type Span, SpanKind, traceparentOf } from '../../observability/tracing';
import { type NotificationOutcome, NotificationService } from '../../sync/notification.service';
import type { PulledMessage } from '../pubsub.client';

const FIRST_WAIT_MS = 250;
const MAX_WAIT_MS = 5_000;

/** How long a message is kept and tried here before it is given back: another replica may do better. */
const MAX_HOLD_MS = 30_000;

/**
 * One message of the subscription. It is acknowledged once its hint is committed, or when it could never be used. While the database
 * is away it is tried again here: given back it would come again at once, and count against the dead letter policy.
 */
@Injectable()
export class PulledMessageService {
  private readonly logger = new Logger(PulledMessageService.name);
  /** Every message meets an outage, and one line is enough to know of it. */
  private readonly failures = new LogThrottle((error, count) =>
    this.logger.warn({ error, count }, 'more messages could not be recorded'),
  );

  constructor(
    private readonly notifications: NotificationService,
    private readonly metrics: Metrics,
  ) {}

  /** @param signal when it aborts, what is not recorded yet is given back */
  async handle(message: PulledMessage, signal: AbortSignal): Promise<void> {
    const receivedAt = performance.now();
    await inSpan('pubsub.pull', { kind: SpanKind.CONSUMER }, async (span) => {
      span.setAttributes({ 'messaging.system': 'gcp_pubsub', 'messaging.message.id': message.id });
      for (let attempt = 1; ; attempt++) {
        if (await this.record(message, receivedAt, span)) return message.ack();
        const wait = backoff(attempt, FIRST_WAIT_MS, MAX_WAIT_MS);
        const isHeldTooLong = performance.now() + wait - receivedAt > MAX_HOLD_MS;
        if (!isHeldTooLong) await delay(wait, undefined, { signal }).catch(() => undefined);
        if (isHeldTooLong || signal.aborted) return message.nack();
      }
    });
  }

  /** @returns whether it has done its work */
  private async record({ id, data }: PulledMessage, receivedAt: number, span: Span): Promise<boolean> {
    let outcome: NotificationOutcome | 'unavailable' = 'unavailable';
    try {
      const origin = { messageId: id, receivedAt, trace: traceparentOf(span) };
      outcome = await this.notifications.record(data, origin, this.logger);
      this.metrics.activity.add('pushes');
      return true;
    } catch (error) {
      const said = describeError(error);
      if (this.failures.isFirst(said))
        this.logger.warn({ error: said }, 'a message could not be recorded yet');
      return false;
    } finally {
      span.setAttribute('inboxwire.outcome', outcome);
      this.metrics.pushes.inc({ outcome });
    }
  }
}
