import type { TrueChange } from '../fakes/google/mailbox/history-record';
import type { World } from './world';

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
export function truthOf(world: World, address: string): Told[] {
  return world.google.changes(address).map(toTold);
}

export function toTold({
  kind,
  messageId,
  threadId,
  historyId,
  labelIds,
  changedLabelIds,
}: TrueChange): Told {
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
