import type { Change, ChangeKind, HistoryRecord } from './history-record';
import type { StoredMessage } from './stored-message';

export interface LabelChange {
  id: string;
  labelIds: readonly string[];
}

export interface RecordRequest {
  added?: readonly StoredMessage[];
  labelsAdded?: readonly LabelChange[];
  labelsRemoved?: readonly LabelChange[];
  deleted?: readonly string[];
}

/** Applies the changes to the messages and writes their history record. */
export function recordChanges(
  messages: Map<string, StoredMessage>,
  id: bigint,
  at: number,
  request: RecordRequest,
): HistoryRecord {
  const { added = [], labelsAdded = [], labelsRemoved = [], deleted = [] } = request;
  for (const message of added) messages.set(message.id, message);
  const find = (messageId: string): StoredMessage => known(messages, messageId);
  const ids = [...added, ...labelsAdded, ...labelsRemoved].map((change) => change.id).concat(deleted);
  const touched = new Map(ids.map((messageId) => [messageId, find(messageId)]));
  const carried = new Map([...touched].map(([messageId, message]) => [messageId, new Set(message.labelIds)]));
  const changes: Change[] = added.map((message) => change('messageAdded', message));
  for (const one of labelsAdded) for (const label of one.labelIds) find(one.id).labelIds.add(label);
  for (const one of labelsRemoved) for (const label of one.labelIds) find(one.id).labelIds.delete(label);
  for (const one of labelsAdded) changes.push(change('labelAdded', find(one.id), one.labelIds));
  for (const one of labelsRemoved) changes.push(change('labelRemoved', find(one.id), one.labelIds));
  for (const messageId of deleted) changes.push(change('messageDeleted', find(messageId)));
  for (const [messageId, message] of touched) {
    message.historyId = id;
    for (const label of message.labelIds) carried.get(messageId)?.add(label);
  }
  for (const one of labelsAdded) for (const label of one.labelIds) carried.get(one.id)?.add(label);
  for (const messageId of deleted) messages.delete(messageId);
  return { id, at, changes, carriedLabels: [...carried.values()] };
}

function change(kind: ChangeKind, message: StoredMessage, changedLabelIds: readonly string[] = []): Change {
  const { id: messageId, threadId } = message;
  return {
    kind,
    messageId,
    threadId,
    labelIds: [...message.labelIds],
    changedLabelIds: [...changedLabelIds],
  };
}

function known(messages: ReadonlyMap<string, StoredMessage>, id: string): StoredMessage {
  const message = messages.get(id);
  if (message === undefined) throw new Error(`The mailbox has no message ${id}`);
  return message;
}
