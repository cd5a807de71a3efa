import type { Event } from '../support/api-types';
import { isErased } from './erasures';

/**
 * What is wrong with the log of a mailbox that is erased.
 *
 * @param lastContentAt when a receiver got something of its content last (epoch ms)
 * @returns the first fault
 */
export function checkErasure(log: readonly Event[], lastContentAt: number): string | undefined {
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
