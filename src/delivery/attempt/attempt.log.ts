import type { Logger } from '@nestjs/common';
import type { AttemptResult, Decision } from './attempt-verdict';

/** Which delivery an attempt belongs to, by ids alone: never content, never a secret. */
export interface AttemptIds {
  endpointId: string;
  mailboxId: string | null;
  eventId: string;
  sequence: number | null;
}

/** One line for each attempt. Failures are the receiver's and heal by themselves; a dead delivery does not. */
export function logAttempt(
  logger: Logger,
  ids: AttemptIds,
  number: number,
  { attempt, verdict }: AttemptResult,
  { status, wait }: Decision,
): void {
  const fields = { ...ids, attempt: number, status: attempt.status, latencyMs: attempt.latencyMs };
  if (verdict === 'delivered') logger.debug(fields, 'delivered');
  else if (verdict === 'gone') logger.warn(fields, 'the receiver is gone: endpoint disabled');
  else if (status === 'dead') logger.warn({ ...fields, error: attempt.error }, 'delivery is dead');
  else logger.log({ ...fields, error: attempt.error, nextAttemptInMs: wait }, 'attempt failed');
}
