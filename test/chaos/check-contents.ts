import type { Event } from '../support/api-types';
import { messageEvents } from '../support/event/mailbox-log';
import type { LogVerdict } from './check-log';

/** What a mailbox holds: the labels of each message, sorted. */
export type Contents = ReadonlyMap<string, readonly string[]>;

/**
 * Compares the log of a mailbox whose history expires with what the mailbox holds. What came and went within a gap is
 * beyond anyone's knowledge; whoever follows the log must nevertheless end with every message and its labels.
 */
export function checkContents(log: readonly Event[], contents: Contents): LogVerdict {
  const known = new Map<string, string>();
  const added = new Set<string>();
  const again: string[] = [];
  for (const { type, data } of messageEvents(log)) {
    if (type === 'message.added' && added.has(data.messageId)) again.push(data.messageId);
    if (type === 'message.added') added.add(data.messageId);
    if (type === 'message.deleted') known.delete(data.messageId);
    else known.set(data.messageId, labelsOf(data.labelIds));
  }
  const lost = [...contents].filter(([id, labels]) => known.get(id) !== labelsOf(labels));
  const left = [...known.keys()].filter((id) => !contents.has(id));
  const incomplete = log.filter(({ type, data }) => type === 'mailbox.gap' && !data.complete);
  const holes = log.filter(({ sequence }, i) => sequence !== i + 1).length;
  const [example] = [
    ...lost.map(([id, labels]) => `${id} has ${labelsOf(labels)}, and by the log ${known.get(id)}`),
    ...left.map((id) => `${id} is gone, and by the log it is there`),
    ...again.map((id) => `${id} was added twice`),
    ...incomplete.map(({ id }) => `${id} reports a gap that was not recovered whole`),
    ...(holes > 0 ? ['the sequence has holes'] : []),
  ];
  return {
    ...{ lost: lost.length + left.length + incomplete.length, doubled: again.length, outOfOrder: 0, holes },
    example,
  };
}

function labelsOf(labelIds: readonly string[]): string {
  return [...labelIds].sort().join();
}
