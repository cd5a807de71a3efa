import { InboxwireError } from '../common/inboxwire.error';
import type { Scope } from './key/scope';

/** The request lacks the key, or brings a wrong one. The answer does not say which. */
export class ApiKeyRequiredError extends InboxwireError {
  constructor() {
    super('unauthorized', 'Send the API key as `Authorization: Bearer <API_KEY>`.');
  }
}

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
