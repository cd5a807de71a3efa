import type { TrueChange } from '../../../src/local-google/mailbox/history-record';
import type { MessageEvent } from '../event/of-type';
import type { TestApp } from '../test-app';

/** One change, as an event of the log should report it. */
export interface ReportedChange {
  type: string;
  messageId: string;
  threadId: string | null;
  historyId: string;
  labelIds?: readonly string[];
  changedLabelIds?: readonly string[];
}

const TYPES = {
  messageAdded: 'message.added',
  messageDeleted: 'message.deleted',
  labelAdded: 'message.labels_added',
  labelRemoved: 'message.labels_removed',
};

/** Every change that happened in a mailbox of the local Google, in order, in the words of the contract. */
export function truthOf(app: Pick<TestApp, 'google'>, address: string): ReportedChange[] {
  return app.google.changes(address).map(toReported);
}

/**
 * The changes that count for a watch of INBOX, by the contract's words and from a replay of the mailbox: the message
 * carries the label before or after the record, or the record has no labels of it.
 */
export function inboxTruthOf(app: Pick<TestApp, 'google'>, address: string): ReportedChange[] {
  const carried = new Map<string, readonly string[]>();
  return [...Map.groupBy(app.google.changes(address), ({ historyId }) => historyId).values()].flatMap(
    (record) => {
      const before = new Map(carried);
      for (const { kind, messageId, labelIds } of record)
        if (kind === 'messageDeleted') carried.delete(messageId);
        else carried.set(messageId, labelIds);
      return record
        .filter(({ messageId }) => {
          const hasLabels = record.some(
            (change) => change.messageId === messageId && change.labelIds.length > 0,
          );
          const inInbox = [before, carried].some((state) => state.get(messageId)?.includes('INBOX'));
          return !hasLabels || inInbox;
        })
        .map(toReported);
    },
  );
}

function toReported({
  kind,
  messageId,
  threadId,
  historyId,
  labelIds,
  changedLabelIds,
}: TrueChange): ReportedChange {
  return {
    ...{ type: TYPES[kind], messageId, threadId, historyId },
    ...(kind !== 'messageDeleted' && { labelIds }),
    ...(kind.startsWith('label') && { changedLabelIds }),
  };
}

/** The same of `message.*` events. */
export function reportedChanges(events: readonly MessageEvent[]): ReportedChange[] {
  return events.map(({ type, data }) => {
    const change: ReportedChange & { message?: unknown; gone?: unknown } = { ...data, type };
    delete change.message;
    delete change.gone;
    return change;
  });
}
