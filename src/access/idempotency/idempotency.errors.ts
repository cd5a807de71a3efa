import { InboxwireError } from '../../common/inboxwire.error';

/** An idempotency key stands for one request: this is another one. */
export class IdempotencyKeyReusedError extends InboxwireError {
  constructor() {
    super(
      'idempotency_key_reused',
      'This Idempotency-Key came with another request before (its path or its body differs): use a new one.',
    );
  }
}

/** The request with this idempotency key is still being answered. */
export class IdempotencyKeyInUseError extends InboxwireError {
  constructor() {
    super(
      'idempotency_key_in_use',
      'The request with this Idempotency-Key is still being answered: send it again in a moment.',
      { retryable: true },
    );
  }
}
