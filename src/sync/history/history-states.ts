import type { HistoryRecord } from '../../gmail/gmail.types';
import { type LabelFilter, labelsCount } from '../../gmail/label-filter';

/** What a snapshot knows of one message. */
export interface MessageState {
  threadId: string | null;
  labelIds: string[];
}

/** The messages that records touch, each with its state; null: it does not exist. */
export type MessageStates = Map<string, MessageState | null>;

/** How each message that the records touch stands after the last of them. */
export function statesAfter(records: HistoryRecord[]): MessageStates {
  const states: MessageStates = new Map();
  for (const record of records) {
    // An added message comes with its labels at arrival, a changed one with those after the whole record.
    for (const { message } of [
      ...(record.messagesAdded ?? []),
      ...(record.labelsAdded ?? []),
      ...(record.labelsRemoved ?? []),
    ])
      states.set(message.id, { threadId: message.threadId ?? null, labelIds: message.labelIds ?? [] });
    for (const { message } of record.messagesDeleted ?? []) states.set(message.id, null);
  }
  return states;
}

/** The same as a filter shows it: what does not pass is as good as not there. */
export function passing(states: MessageStates, filter: LabelFilter): [string, MessageState | null][] {
  const counts = labelsCount(filter);
  return [...states].map(([id, state]) => [id, state && counts(state.labelIds) ? state : null]);
}

/** How each message that the records touch stood before the first of them. */
export function statesBefore(records: HistoryRecord[]): MessageStates {
  const states: MessageStates = new Map();
  for (const record of records)
    for (const [id, state] of beforeOne(record)) if (!states.has(id)) states.set(id, state);
  return states;
}

function beforeOne(record: HistoryRecord): MessageStates {
  const states: MessageStates = new Map();
  for (const { message } of record.messagesDeleted ?? [])
    states.set(message.id, { threadId: message.threadId ?? null, labelIds: message.labelIds ?? [] });
  const changes = [...(record.labelsAdded ?? []), ...(record.labelsRemoved ?? [])];
  for (const { message } of changes)
    states.set(message.id, { threadId: message.threadId ?? null, labelIds: message.labelIds ?? [] });
  // The labels are those after the whole record: both kinds of change are undone.
  const undo = (id: string, change: (labels: Set<string>) => void) => {
    const state = states.get(id)!;
    const labels = new Set(state.labelIds);
    change(labels);
    states.set(id, { ...state, labelIds: [...labels] });
  };
  for (const { message, labelIds = [] } of record.labelsAdded ?? [])
    undo(message.id, (labels) => labelIds.forEach((label) => labels.delete(label)));
  for (const { message, labelIds = [] } of record.labelsRemoved ?? [])
    undo(message.id, (labels) => labelIds.forEach((label) => labels.add(label)));
  for (const { message } of record.messagesAdded ?? []) states.set(message.id, null);
  return states;
}
