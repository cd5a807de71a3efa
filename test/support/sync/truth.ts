import type { TrueChange } from '../../fakes/google/mailbox/history-record';
import type { TestApp } from '../test-app';

/** One change, as the log should tell it. */
export interface Told {
  type: string;
  messageId: string;
  threadId: string;
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
export function truthOf(app: Pick<TestApp, 'google'>, address: string): Told[] {
  return app.google.changes(address).map(toTold);
}

/**
 * The changes that count for a watch of INBOX, by the contract's words and from a replay of the mailbox: the message
 * carries the label before or after the record, or the record tells no labels of it.
 */
export function inboxTruthOf(app: Pick<TestApp, 'google'>, address: string): Told[] {
  const carried = new Map<string, readonly string[]>();
  return [...Map.groupBy(app.google.changes(address), ({ historyId }) => historyId).values()].flatMap(
    (record) => {
      const before = new Map(carried);
      for (const { kind, messageId, labelIds } of record)
        if (kind === 'messageDeleted') carried.delete(messageId);
        else carried.set(messageId, labelIds);
      return record
        .filter(({ messageId }) => {
          const told = record.some((change) => change.messageId === messageId && change.labelIds.length > 0);
          const inInbox = [before, carried].some((state) => state.get(messageId)?.includes('INBOX'));
          return !told || inInbox;
        })
        .map(toTold);
    },
  );
}

function toTold({ kind, messageId, threadId, historyId, labelIds, changedLabelIds }: TrueChange): Told {
  return {
    ...{ type: TYPES[kind], messageId, threadId, historyId },
    ...(kind !== 'messageDeleted' && { labelIds }),
    ...(kind.startsWith('label') && { changedLabelIds }),
  };
}

/** The same of `message.*` events. */
export function asTold(events: any[]): Told[] {
  return events.map(({ type, data }) => {
    const told = { ...data, type };
    delete told.message;
    delete told.gone;
    return told;
  });
}
