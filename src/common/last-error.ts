import { describeError } from './describe-error';
import { InboxwireError } from './inboxwire.error';

/** What went wrong last, for a person and for a program. */
export interface LastError {
  code: string;
  message: string;
  at: string;
}

/** An error as `lastError` shows it: ours with their code and remedy, unknown ones without their insides. */
export function toLastError(error: unknown, now = new Date()): LastError {
  const known = error instanceof InboxwireError;
  return {
    code: known ? error.code : 'internal_error',
    message: known ? describeError(error) : 'Something went wrong on our side; the log has the details.',
    at: now.toISOString(),
  };
}
