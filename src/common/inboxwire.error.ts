import type { ErrorCode } from './error-codes';

/**
 * Every error that Inboxwire raises on purpose. It knows nothing of HTTP: `problem.filter.ts` makes a response of it, by its code.
 */
export class InboxwireError extends Error {
  readonly retryable: boolean;
  /** What a program may want to know besides, such as `oldestEventId`. */
  readonly members: Readonly<Record<string, string>>;
  /** When doing the same again can succeed, if that is known. */
  readonly retryAt: Date | undefined;

  /**
   * @param code stable and machine-readable
   * @param message what happened and what to do about it, for a person
   * @param options.retryable whether doing the same again later can succeed
   * @param options.retryAt when
   */
  constructor(
    readonly code: ErrorCode,
    message: string,
    options: { retryable?: boolean; cause?: unknown; members?: Record<string, string>; retryAt?: Date } = {},
  ) {
    super(message, { cause: options.cause });
    this.name = new.target.name;
    this.retryable = options.retryable ?? false;
    this.members = options.members ?? {};
    this.retryAt = options.retryAt;
  }
}

/** Something asked for by id that is not there. */
export class NotFoundError extends InboxwireError {
  /** @param hint a sentence of what to do, where that is known */
  constructor(kind: string, id: string, hint?: string) {
    super('not_found', [`There is no ${kind} ${id}.`, hint].filter(Boolean).join(' '));
  }
}

/** A value that passed the shape check and is wrong nevertheless. */
export class InvalidValueError extends InboxwireError {
  constructor(
    readonly path: string,
    message: string,
    code: ErrorCode = 'validation_failed',
  ) {
    super(code, message);
  }
}

/** More is asked for at once than the database has connections for. */
export class OverloadedError extends InboxwireError {
  constructor() {
    super('unavailable', 'Too many requests of this kind at the same time. Try again in a moment.', {
      retryable: true,
    });
  }
}
