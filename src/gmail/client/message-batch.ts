import { GmailApiError } from '../gmail.errors';
import type { GmailMessage } from '../gmail.types';
import type { BatchPart } from './batch';
import { messageOf, unreadable } from './gmail-response';

export interface ReadMessages {
  /** By id; undefined for one that is gone. */
  found: Map<string, GmailMessage | undefined>;
  /** Why others were not read, when it is worth asking for them again. */
  refusal?: GmailApiError;
}

/**
 * The messages in the responses of a batch.
 *
 * @param ids those of the messages, in the order of the responses
 * @param cut whether the response of the batch ended before its end: what is missing was not refused
 * @throws GmailApiError, GrantDeadError for a refusal that asking again does not change
 */
export function readParts(ids: string[], parts: (BatchPart | undefined)[], cut: boolean): ReadMessages {
  const found: ReadMessages['found'] = new Map();
  const refusals: GmailApiError[] = [];
  for (const [index, id] of ids.entries())
    try {
      const part = parts[index];
      if (part) found.set(id, messageOf(id, part));
      else if (!cut) throw unreadable('batch', 'an answer for each part');
    } catch (error) {
      if (!(error instanceof GmailApiError) || !error.retryable) throw error;
      refusals.push(error);
    }
  return { found, refusal: refusals.sort(byWeight)[0] };
}

/** The one that asks for the longest wait comes first, and a limit before another failure. */
function byWeight(a: GmailApiError, b: GmailApiError): number {
  const weight = ({ code, details }: GmailApiError) =>
    (details.retryAt?.getTime() ?? 0) + (details.ofProject ? 2 : 0) + (code === 'rate_limited' ? 1 : 0);
  return weight(b) - weight(a);
}
