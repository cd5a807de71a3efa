import { isDeepStrictEqual } from 'node:util';
import type { Event } from '../api-types';

/**
 * What is wrong with the log of a mailbox that is erased.
 *
 * @param lastContentAt when a receiver got something of its content last (epoch ms)
 * @returns the first fault
 */
export function checkErasure(log: readonly Event[], lastContentAt = -Infinity): string | undefined {
  const readable = log.find((event) => !isErased(event));
  if (readable) return `${readable.id} (${readable.type}) still says ${JSON.stringify(readable.data)}`;
  const hole = log.findIndex(({ sequence }, i) => sequence !== i + 1);
  if (hole >= 0) return `the sequence has a hole before ${log[hole]!.id}`;
  const ends = log.filter(({ type }) => type === 'mailbox.erased');
  if (ends.length !== 1) return `mailbox.erased is reported ${ends.length} times`;
  const [end] = ends;
  if (log.at(-1) !== end) return `${log.at(-1)!.id} (${log.at(-1)!.type}) comes after mailbox.erased`;
  const late = lastContentAt - Date.parse(end!.occurredAt);
  return late > 0 ? `something of its content was delivered ${late} ms after it was erased` : undefined;
}

/** Whether an event has the form that is left of it when its mailbox is erased. */
export function isErased({ mailbox, data }: Event): boolean {
  return (
    isDeepStrictEqual(data, { erased: true }) && mailbox?.emailAddress === null && mailbox.externalId === null
  );
}

/** What was not delivered before its mailbox was erased is not delivered any more; the last event is. */
export function isDue(event: Event): boolean {
  return !isErased(event) || event.type === 'mailbox.erased';
}
