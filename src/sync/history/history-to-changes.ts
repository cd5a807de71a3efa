import type {
  HistoryLabelChange,
  HistoryMessage,
  HistoryMessageChange,
  HistoryRecord,
} from '../../gmail/gmail.types';
import { type LabelFilter, labelsCount } from '../../gmail/label-filter';

export type MessageEventType =
  'message.added' | 'message.deleted' | 'message.labels_added' | 'message.labels_removed';

/** One change that counts, as history reports it. */
export interface MessageChange {
  type: MessageEventType;
  messageId: string;
  threadId: string | null;
  historyId: string;
  /** The message's labels with the change made; null when the record does not say. */
  labelIds: string[] | null;
  changedLabelIds: string[];
}

/**
 * What the records of a history page mean: every change that passes the filter, in order. Within one record the order
 * is added, labels added, labels removed, deleted (contract, section 6).
 */
export function historyToChanges(records: HistoryRecord[], filter: LabelFilter): MessageChange[] {
  return records.flatMap((record) => {
    const counts = classify(record, filter);
    return changesOf(record).filter(({ messageId }) => counts(messageId));
  });
}

/**
 * Every change of a record, in order, whether it counts or not.
 *
 * @throws Error when one names no message: there is nothing that could be reported of it
 */
export function changesOf(record: HistoryRecord): MessageChange[] {
  const change =
    (type: MessageEventType) =>
    (entry: HistoryMessageChange | HistoryLabelChange): MessageChange => ({
      type,
      messageId: idOf(entry.message),
      threadId: entry.message.threadId ?? null,
      historyId: record.id,
      labelIds: entry.message.labelIds ?? null,
      changedLabelIds: 'labelIds' in entry ? (entry.labelIds ?? []) : [],
    });
  return [
    ...(record.messagesAdded ?? []).map(change('message.added')),
    ...(record.labelsAdded ?? []).map(change('message.labels_added')),
    ...(record.labelsRemoved ?? []).map(change('message.labels_removed')),
    ...(record.messagesDeleted ?? []).map(change('message.deleted')),
  ];
}

function idOf({ id }: { id?: unknown }): string {
  if (typeof id !== 'string' || id === '') throw new Error('a history record names no message');
  return id;
}

/**
 * Whether the changes of a message in this record count. The labels that it carried before and after the whole record
 * decide, as far as the record has them; a message without any counts.
 */
export function classify(record: HistoryRecord, filter: LabelFilter): (messageId: string) => boolean {
  const counts = labelsCount(filter);
  const states = labelStates(record);
  // Carrying a label before or after is carrying it in either of the sets.
  return (messageId) => counts(states.get(messageId)?.flatMap((labels) => [...labels]));
}

/** The label sets that each message had before and after the record. */
function labelStates(record: HistoryRecord): Map<string, Set<string>[]> {
  const states = new Map<string, Set<string>[]>();
  const note = (message: HistoryMessage, labels: Set<string>) =>
    states.set(message.id, [...(states.get(message.id) ?? []), labels]);

  for (const { message } of [...(record.messagesAdded ?? []), ...(record.messagesDeleted ?? [])])
    if (message.labelIds) note(message, new Set(message.labelIds));

  // After a label change the record has the labels as they are then; what they were before is worked out backwards.
  const before = new Map<string, Set<string>>();
  const relabelled = [
    ...(record.labelsAdded ?? []).map((entry) => ({ ...entry, added: true })),
    ...(record.labelsRemoved ?? []).map((entry) => ({ ...entry, added: false })),
  ];
  for (const { message, labelIds, added } of relabelled) {
    if (!message.labelIds) continue;
    note(message, new Set(message.labelIds));
    const labels = before.get(message.id) ?? new Set(message.labelIds);
    for (const label of labelIds ?? []) {
      if (added) labels.delete(label);
      else labels.add(label);
    }
    before.set(message.id, labels);
  }
  for (const [id, labels] of before) states.get(id)!.push(labels);
  return states;
}
