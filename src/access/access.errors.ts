import { InboxwireError } from '../common/inboxwire.error';
import type { Scope } from './key/scope';

/** The key is good, and not for this. */
export class MissingScopeError extends InboxwireError {
  constructor(requiredScope: Scope) {
    super('missing_scope', `The API key lacks the scope \`${requiredScope}\`: use one that has it.`, {
      members: { requiredScope },
    });
  }
}

/** The key, or the address of somebody without one, has used up its requests of this minute. */
export class RateLimitedError extends InboxwireError {
  /** @param wait in seconds */
  constructor(max: number, wait: number) {
    super('rate_limited', `More than ${max} requests in a minute. Try again in ${wait} s.`, {
      retryable: true,
      retryAt: new Date(Date.now() + wait * 1_000),
    });
  }
}

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
