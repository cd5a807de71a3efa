import { Injectable, Logger } from '@nestjs/common';
import type { IncomingHttpHeaders } from 'node:http';
import { Metrics } from '../observability/metrics';
import { inSpan, type Span, SpanKind, traceparentOf } from '../observability/tracing';
import { PushSettings } from '../config/settings';
import { type NotificationOutcome, NotificationService } from '../sync/notification.service';
import { readPush } from './push';
import { PushTokenService } from './push-token.service';
import { ForbiddenSubscriptionError, NoPubSubPushError, PushTokenRefusedError } from './webhook.errors';

/** What became of a push: as the metric counts it. */
type PushOutcome = NotificationOutcome | 'refused' | 'forbidden' | 'malformed' | 'unavailable';

/**
 * The inbound push: verified, read, and committed as a hint before it is acknowledged. What Pub/Sub could only deliver
 * again without success is acknowledged, so that one bad message does not slow the whole subscription down.
 */
@Injectable()
export class WebhookService {
  private readonly logger = new Logger(WebhookService.name);

  constructor(
    private readonly tokens: PushTokenService,
    private readonly notifications: NotificationService,
    private readonly settings: PushSettings,
    private readonly metrics: Metrics,
  ) {}

  /**
   * Returns once the hint is committed.
   *
   * @throws PushTokenRefusedError, GoogleKeysUnavailableError, NoPubSubPushError, ForbiddenSubscriptionError, or what the
   *   database throws: Pub/Sub delivers the push again
   */
  async receive(headers: IncomingHttpHeaders, body: Buffer): Promise<void> {
    const receivedAt = performance.now();
    await inSpan('webhook.push', { kind: SpanKind.CONSUMER }, async (span) => {
      let outcome: PushOutcome = 'unavailable';
      try {
        outcome = await this.record(headers, body, receivedAt, span);
        this.metrics.activity.add('pushes');
      } catch (error) {
        outcome = outcomeOf(error);
        throw error;
      } finally {
        span.setAttribute('inboxwire.outcome', outcome);
        this.metrics.pushes.inc({ outcome });
      }
    });
  }

  private async record(
    headers: IncomingHttpHeaders,
    body: Buffer,
    receivedAt: number,
    span: Span,
  ): Promise<PushOutcome> {
    await this.authenticate(headers.authorization);
    const push = readPush(headers, body);
    const { subscriptions } = push;
    if (subscriptions.length === 0 || subscriptions.some((name) => name !== this.settings.subscription))
      throw new ForbiddenSubscriptionError();
    const { messageId } = push;
    span.setAttributes({ 'messaging.system': 'gcp_pubsub', 'messaging.message.id': messageId });
    const origin = { messageId, receivedAt, trace: traceparentOf(span) };
    return this.notifications.record(push.data, origin, this.logger);
  }

  private async authenticate(authorization: string | undefined): Promise<void> {
    try {
      await this.tokens.verify(authorization);
    } catch (error) {
      if (error instanceof PushTokenRefusedError)
        this.logger.warn({ why: error.why, outcome: 'refused' }, 'push');
      throw error;
    }
  }
}

function outcomeOf(error: unknown): PushOutcome {
  if (error instanceof PushTokenRefusedError) return 'refused';
  if (error instanceof ForbiddenSubscriptionError) return 'forbidden';
  return error instanceof NoPubSubPushError ? 'malformed' : 'unavailable';
}
