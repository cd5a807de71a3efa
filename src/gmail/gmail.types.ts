import type { GoogleSettings } from '../config/settings';

/** The one Gmail scope that allows neither bodies, nor the names of attachments, nor searches. */
const METADATA_SCOPE = 'https://www.googleapis.com/auth/gmail.metadata';

export function onlyMetadataScope({ gmailScopes }: GoogleSettings): boolean {
  return gmailScopes.every((scope) => scope === METADATA_SCOPE);
}

/**
 * What the Gmail API answers, as far as Inboxwire reads it. Fields that Google documents as always present are optional
 * nevertheless: an answer is data from outside.
 * @see https://developers.google.com/workspace/gmail/api/reference/rest/v1/users.history/list
 */
export interface HistoryMessage {
  id: string;
  threadId?: string;
  labelIds?: string[];
}

export interface HistoryMessageChange {
  message: HistoryMessage;
}

export interface HistoryLabelChange extends HistoryMessageChange {
  labelIds?: string[];
}

export interface HistoryRecord {
  id: string;
  messagesAdded?: HistoryMessageChange[];
  messagesDeleted?: HistoryMessageChange[];
  labelsAdded?: HistoryLabelChange[];
  labelsRemoved?: HistoryLabelChange[];
}

export interface HistoryPage {
  records: HistoryRecord[];
  nextPageToken: string | undefined;
  /** The mailbox's current history id; a cursor only once the last page has been read. */
  historyId: bigint;
}

export interface MessagePart {
  mimeType?: string;
  filename?: string;
  headers?: { name: string; value: string }[];
  body?: { attachmentId?: string; size?: number; data?: string };
  parts?: MessagePart[];
}

export interface MessagePage {
  messages: { id: string; threadId?: string }[];
  nextPageToken: string | undefined;
  /** Of the whole list, by Gmail's estimate, which can be far off. */
  sizeEstimate: number;
}

/** @see https://developers.google.com/workspace/gmail/api/reference/rest/v1/users.messages#Message */
export interface GmailMessage {
  id: string;
  threadId?: string;
  labelIds?: string[];
  snippet?: string;
  historyId?: string;
  internalDate?: string;
  sizeEstimate?: number;
  payload?: MessagePart;
  /** Ours: Gmail answers 404 for a text of it, which may come yet. */
  awaitsText?: boolean;
}

/** @see https://developers.google.com/workspace/gmail/api/reference/rest/v1/users.labels#Label */
export interface GmailLabel {
  id: string;
  name?: string;
  type?: string;
  messageListVisibility?: string;
  labelListVisibility?: string;
  color?: { textColor?: string; backgroundColor?: string };
}

/** Labels that a message is to get and to lose. */
export interface LabelRequest {
  addLabelIds: string[];
  removeLabelIds: string[];
}

export interface StartedWatch {
  historyId: bigint;
  expiresAt: Date;
}

/**
 * How much of a message is read: `minimal` is ids, labels and times, `structure` is headers and the tree of parts without their bytes, `bodies` adds the
 * texts, `headers` is all that the scope gmail.metadata allows.
 */
export type MessageDetail = 'minimal' | 'headers' | 'structure' | 'bodies';
