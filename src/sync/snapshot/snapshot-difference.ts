import type { MessageChange } from '../history/history-to-changes';
import { type LabelFilter, labelsCount } from '../../gmail/label-filter';
import type { MessageState } from '../history/history-states';

/** Ids of messages by what became of them. */
export interface SnapshotDifference {
  /** In the order in which they are listed now. */
  appeared: string[];
  relabelled: string[];
  vanished: string[];
}

/** One message, as it was known and as it is. */
export interface Comparison {
  messageId: string;
  /** Null: not in the snapshot. */
  before: MessageState | null;
  /** Null: gone for good. */
  after: MessageState | null;
  historyId: string;
  /** Whether one that was not in the snapshot has arrived since, and did not merely come to pass the filter. */
  isNew: boolean;
}

export function snapshotDifference(
  before: ReadonlyMap<string, MessageState>,
  now: ReadonlyMap<string, MessageState>,
): SnapshotDifference {
  const difference: SnapshotDifference = { appeared: [], relabelled: [], vanished: [] };
  for (const [id, state] of now) {
    const known = before.get(id);
    if (!known) difference.appeared.push(id);
    else if (!sameLabels(known, state)) difference.relabelled.push(id);
  }
  for (const id of before.keys()) if (!now.has(id)) difference.vanished.push(id);
  return difference;
}

/** The changes that lead from the one state to the other, as far as they count by the filter. */
export function toChanges(comparison: Comparison, filter: LabelFilter): MessageChange[] {
  const { messageId, historyId, before, after } = comparison;
  const threadId = after?.threadId ?? before?.threadId ?? null;
  const labelIds = after?.labelIds ?? null;
  const change = (type: MessageChange['type'], changedLabelIds: string[] = []): MessageChange => ({
    ...{ type, messageId, threadId, historyId, labelIds, changedLabelIds },
  });
  if (!before) {
    if (!after) return [];
    if (comparison.isNew) return [change('message.added')];
    // It was there and came to pass the filter. With `exclude` that counts as little as it does in the history.
    const gained = after.labelIds.filter((label) => filter.labelIds.includes(label));
    const hasEvent = filter.labelFilterBehavior === 'include' && gained.length > 0;
    return hasEvent ? [change('message.labels_added', gained)] : [];
  }
  if (!after) return [change('message.deleted')];
  if (!labelsCount(filter)([...before.labelIds, ...after.labelIds])) return [];
  const added = without(after.labelIds, before.labelIds);
  const removed = without(before.labelIds, after.labelIds);
  return [
    ...(added.length > 0 ? [change('message.labels_added', added)] : []),
    ...(removed.length > 0 ? [change('message.labels_removed', removed)] : []),
  ];
}

export function sameLabels(one: MessageState, other: MessageState): boolean {
  return (
    without(one.labelIds, other.labelIds).length === 0 && without(other.labelIds, one.labelIds).length === 0
  );
}

function without(labels: string[], others: string[]): string[] {
  return labels.filter((label) => !others.includes(label));
}
