import type { HistoryRecord } from '../../gmail/gmail.types';
import { type LabelFilter, labelsCount } from '../../gmail/label-filter';
import { type MessageState, type MessageStates, statesAfter } from './history-states';
import { changesOf, classify, type MessageChange } from './history-to-changes';

const DRAFT = 'DRAFT';

export function isDraft(labelIds: readonly string[] | null | undefined): boolean {
  return labelIds?.includes(DRAFT) ?? false;
}

/** Messages of which records do not say with which labels they were deleted. */
export function deletedWithoutLabels(records: HistoryRecord[]): string[] {
  return records.flatMap(({ messagesDeleted = [] }) =>
    messagesDeleted.filter(({ message }) => !message.labelIds).map(({ message }) => message.id),
  );
}

/**
 * The same as `historyToChanges`, with `DRAFTS=none`: what happens to drafts is left out, and one that is sent is an added
 * message then.
 *
 * @param known messages as they were before the records, as far as that is known and needed
 */
export function changesWithoutDrafts(
  records: HistoryRecord[],
  filter: LabelFilter,
  known: ReadonlyMap<string, MessageState>,
): MessageChange[] {
  const states: MessageStates = new Map(known);
  return records.flatMap((record) => {
    const counts = classify(record, filter);
    const after = statesAfter([record]);
    const sent = sentIn(record, after);
    const made = becomeDrafts(record);
    const passes = labelsCount(filter);
    const changes = changesOf(record).filter((change) => {
      if (change.type === 'message.added')
        return !isDraft(change.labelIds) && counts(change.messageId) && !sent.has(change.messageId);
      if (change.type === 'message.deleted')
        return (
          !isDraft(change.labelIds ?? states.get(change.messageId)?.labelIds) && counts(change.messageId)
        );
      const isOfDraft = isDraft(change.labelIds) && !made.has(change.messageId);
      return counts(change.messageId) && !sent.has(change.messageId) && !isOfDraft;
    });
    for (const [id, state] of after) states.set(id, state);
    const arrived = [...sent.values()].filter(
      ({ messageId, labelIds }) => counts(messageId) || passes(labelIds ?? []),
    );
    return [...arrived, ...changes];
  });
}

/** The drafts that this record sends, as added messages. */
function sentIn(record: HistoryRecord, after: MessageStates): Map<string, MessageChange> {
  const left = (record.labelsRemoved ?? []).filter(({ labelIds }) => isDraft(labelIds));
  const sent = new Map<string, MessageChange>();
  for (const { message } of left) {
    const labelIds = after.get(message.id)?.labelIds ?? message.labelIds ?? [];
    const { id: messageId, threadId = null } = message;
    if (!isDraft(labelIds))
      sent.set(messageId, {
        ...{ type: 'message.added', messageId, threadId, historyId: record.id },
        ...{ labelIds, changedLabelIds: [] },
      });
  }
  return sent;
}

/** Messages that this record makes drafts of, as an undone sending does: their changes are reported. */
function becomeDrafts({ labelsAdded = [] }: HistoryRecord): Set<string> {
  return new Set(labelsAdded.filter(({ labelIds }) => isDraft(labelIds)).map(({ message }) => message.id));
}
