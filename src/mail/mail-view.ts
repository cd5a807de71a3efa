import type { GmailLabel, GmailMessage } from '../gmail/gmail.types';
import { type MessagePayload, toMessagePayload } from '../gmail/message/message-payload';

/** A message as the API shows it: the `message` of its event, with its ids, its labels now and all of its headers. */
export interface MessageView extends MessagePayload {
  id: string;
  threadId: string | null;
  historyId: string | null;
  labelIds: string[];
  /** Every header, as Gmail has it. */
  allHeaders: { name: string; value: string }[];
}

export interface LabelView {
  id: string;
  name: string;
  type: 'system' | 'user';
  messageListVisibility: string | null;
  labelListVisibility: string | null;
  color: { textColor: string; backgroundColor: string } | null;
}

/**
 * @param withBodies whether the texts were read too
 * @param headerNames as in `toMessagePayload`
 */
export function toMessageView(
  message: GmailMessage,
  withBodies: boolean,
  headerNames: readonly string[],
): MessageView {
  const { id, threadId = null, historyId = null, labelIds = [], payload } = message;
  const allHeaders = (payload?.headers ?? []).map(({ name, value }) => ({ name, value }));
  const content = toMessagePayload(message, withBodies, headerNames);
  return { id, threadId, historyId, labelIds, ...content, allHeaders };
}

export function toLabelView(label: GmailLabel): LabelView {
  const { id, name = id, type, messageListVisibility = null, labelListVisibility = null, color } = label;
  return {
    id,
    name,
    type: type === 'user' ? 'user' : 'system',
    messageListVisibility,
    labelListVisibility,
    color: color ? { textColor: color.textColor ?? '', backgroundColor: color.backgroundColor ?? '' } : null,
  };
}
