import { InboxwireError } from '../common/inboxwire.error';
import type { ProblemDetail } from './problem';

/** The database does not answer, or takes no writes. */
export class UnavailableError extends InboxwireError {
  constructor(cause?: unknown) {
    super('unavailable', 'The database is out of reach. Try again in a moment.', { retryable: true, cause });
  }
}

/** A body or query that does not have its shape: every fault, each with its path. */
export class ValidationFailedError extends InboxwireError {
  constructor(readonly errors: ProblemDetail[]) {
    super('validation_failed', errors.map(sentenceOf).join('; '));
  }
}

function sentenceOf({ path, message }: ProblemDetail): string {
  return path === '' ? message : `${path}: ${message}`;
}

export class MalformedBodyError extends InboxwireError {
  /** @param place where it stops being JSON */
  constructor(place: string, cause?: unknown) {
    super(
      'malformed_body',
      `The body is not valid JSON: see ${place}. Check the double quotes, commas and brackets there.`,
      { cause },
    );
  }
}

export class NotJsonError extends InboxwireError {
  constructor() {
    super('unsupported_media_type', 'Send JSON, as application/json.');
  }
}

export class EncodedBodyError extends InboxwireError {
  constructor() {
    super('unsupported_media_type', 'Send the JSON as it is: a body with a Content-Encoding is not read.');
  }
}

export class NotUtf8Error extends InboxwireError {
  constructor(cause: unknown) {
    super(
      'malformed_body',
      'The body is not UTF-8. Encode the JSON as UTF-8: letters would be lost otherwise.',
      {
        cause,
      },
    );
  }
}

/** The path has routes, and none for this method. */
export class MethodNotAllowedError extends InboxwireError {
  constructor(
    method: string,
    readonly allowed: readonly string[],
  ) {
    super('method_not_allowed', `${method} is not allowed here. Use ${allowed.join(', ')}.`);
  }
}

export class HeadersTooLargeError extends InboxwireError {
  constructor() {
    super('headers_too_large', 'The path and the headers are more than 16 KiB together.');
  }
}

export class RequestTimeoutError extends InboxwireError {
  constructor() {
    super('request_timeout', 'The request did not arrive in time.');
  }
}

/** The client hung up before its request had come in full. Nobody sees the answer; the log has it. */
export class RequestAbortedError extends InboxwireError {
  constructor() {
    super('client_gone', 'The client hung up before its request had come in full.');
  }
}
