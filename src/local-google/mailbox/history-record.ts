export type ChangeKind = 'messageAdded' | 'messageDeleted' | 'labelAdded' | 'labelRemoved';

export interface Change {
  kind: ChangeKind;
  messageId: string;
  threadId: string;
  /** At arrival for an added message, after the record for a label change, before for a deleted message. */
  labelIds: readonly string[];
  /** For label changes alone. */
  changedLabelIds: readonly string[];
}

export interface HistoryRecord {
  id: bigint;
  /** By the local Google's clock, epoch ms. */
  at: number;
  /** In the order added, labels added, labels removed, deleted. */
  changes: readonly Change[];
  /** For each message touched: every label that it carried before, within or after the record. */
  carriedLabels: readonly ReadonlySet<string>[];
}

/** What `changes()` shows tests: one line for each change, in the order of the history. */
export interface TrueChange extends Change {
  historyId: string;
}

export function trueChanges(records: readonly HistoryRecord[]): TrueChange[] {
  return records.flatMap(({ id, changes }) =>
    changes.map((change) => ({ historyId: String(id), ...change })),
  );
}
