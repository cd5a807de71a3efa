import { Injectable } from '@nestjs/common';
import { withTimeout } from '../../common/with-timeout';
import { explainPubsubError } from '../../pubsub/explain-pubsub-error';
import { PubsubClient, type TopicMessage } from '../../pubsub/pubsub.client';
import { AttemptTimeoutError, PublishFailedError } from '../delivery.errors';
import { ATTEMPT_TIMEOUT } from './receiver.client';

/** Pub/Sub is given up before the attempt is, so that the error says what it waited for. */
const RESERVE_MS = 500;

/** Publishes to topics: the other kind of receiver. Rules about addresses do not concern it: Google's is the only one. */
@Injectable()
export class TopicClient {
  constructor(private readonly pubsub: PubsubClient) {}

  /**
   * Returns once Pub/Sub has acknowledged the message.
   *
   * @param signal ends the attempt, with its reason as the error
   * @throws AttemptTimeoutError, PublishFailedError
   */
  async publish(topic: string, message: TopicMessage, signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    const ended = Promise.withResolvers<never>();
    const end = () => ended.reject(signal.reason as Error);
    signal.addEventListener('abort', end);
    try {
      const published = this.send(topic, message);
      const late = () => new AttemptTimeoutError(ATTEMPT_TIMEOUT);
      await withTimeout(Promise.race([published, ended.promise]), ATTEMPT_TIMEOUT, late);
    } finally {
      signal.removeEventListener('abort', end);
    }
  }

  private async send(topic: string, message: TopicMessage): Promise<void> {
    try {
      await this.pubsub.publish(topic, message, ATTEMPT_TIMEOUT - RESERVE_MS);
    } catch (error) {
      const { code, remedy } = explainPubsubError(error, topic, 'roles/pubsub.publisher');
      throw new PublishFailedError(code, remedy);
    }
  }
}
