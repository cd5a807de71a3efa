import { InboxwireError } from '../common/inboxwire.error';

/** The push does not prove that it comes from our subscription's service account. The answer does not say why, the log does. */
export class PushTokenRefusedError extends InboxwireError {
  constructor(
    readonly why: string,
    cause?: unknown,
  ) {
    super('unauthorized', 'The push carries no valid token of the configured service account.', { cause });
  }
}

/** No key of Google's is known, and none can be had: Pub/Sub delivers the push again later. */
export class GoogleKeysUnavailableError extends InboxwireError {
  constructor(cause: unknown) {
    super('unavailable', "Google's signing keys cannot be fetched. Try again in a moment.", {
      retryable: true,
      cause,
    });
  }
}

export class ForbiddenSubscriptionError extends InboxwireError {
  constructor() {
    super('forbidden_subscription', 'The push names another subscription than PUBSUB_SUBSCRIPTION, or none.');
  }
}

export class NoPubSubPushError extends InboxwireError {
  constructor(why: string) {
    super('malformed_body', `The body is no Pub/Sub push: ${why}.`);
  }
}
