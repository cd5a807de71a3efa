import { Injectable, Logger } from '@nestjs/common';
import type { IncomingHttpHeaders } from 'node:http';
import { PushSettings } from '../config/settings';
import { HintService } from '../sync/hint.service';
import { readNotification } from './notification';
import { readPush } from './push';
import { PushTokenService } from './push-token.service';
import { ForbiddenSubscriptionError, PushTokenRefusedError } from './webhook.errors';

/**
 * The inbound push: verified, read, and committed as a hint before it is acknowledged. What Pub/Sub could only deliver
 * again in vain is acknowledged, so that one bad message does not slow the whole subscription down.
 */
@Injectable()
export class WebhookService {
  private readonly logger = new Logger(WebhookService.name);

  constructor(
    private readonly tokens: PushTokenService,
    private readonly hints: HintService,
    private readonly settings: PushSettings,
  ) {}

  /**
   * Returns once the hint is committed.
   *
   * @throws PushTokenRefusedError, GoogleKeysUnavailableError, NoPubSubPushError, ForbiddenSubscriptionError, or what the
   *   database throws: Pub/Sub delivers the push again
   */
  async receive(headers: IncomingHttpHeaders, body: Buffer): Promise<void> {
    await this.authenticate(headers.authorization);
    const push = readPush(headers, body);
    if (push.subscriptions.some((name) => name !== this.settings.subscription))
      throw new ForbiddenSubscriptionError();
    const { messageId } = push;
    const hint = readNotification(push.data);
    if (!hint) return this.logger.warn({ messageId, outcome: 'unreadable' }, 'push');
    const outcome = await this.hints.record(hint);
    const level = outcome === 'unknown_mailbox' ? 'warn' : 'debug';
    this.logger[level]({ messageId, outcome, historyId: hint.historyId.toString() }, 'push');
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
