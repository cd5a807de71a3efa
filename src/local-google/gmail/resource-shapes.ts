/**
 * Fields of the answers, as the Gmail API describes them; `fields` masks are checked against them.
 * A string names another shape.
 */
export type Shape = Record<string, true | string>;

export const SHAPES: Record<string, Shape> = {
  Profile: { emailAddress: true, historyId: true, messagesTotal: true, threadsTotal: true },
  WatchResponse: { expiration: true, historyId: true },
  ListHistoryResponse: { history: 'History', historyId: true, nextPageToken: true },
  History: {
    id: true,
    labelsAdded: 'HistoryLabelAdded',
    labelsRemoved: 'HistoryLabelRemoved',
    messages: 'Message',
    messagesAdded: 'HistoryMessageAdded',
    messagesDeleted: 'HistoryMessageDeleted',
  },
  HistoryLabelAdded: { labelIds: true, message: 'Message' },
  HistoryLabelRemoved: { labelIds: true, message: 'Message' },
  HistoryMessageAdded: { message: 'Message' },
  HistoryMessageDeleted: { message: 'Message' },
  ListMessagesResponse: { messages: 'Message', nextPageToken: true, resultSizeEstimate: true },
  Message: {
    classificationLabelValues: 'ClassificationLabelValue',
    historyId: true,
    id: true,
    internalDate: true,
    labelIds: true,
    payload: 'MessagePart',
    raw: true,
    sizeEstimate: true,
    snippet: true,
    threadId: true,
  },
  ClassificationLabelValue: { fields: 'ClassificationLabelFieldValue', labelId: true },
  ClassificationLabelFieldValue: { fieldId: true, selection: true },
  MessagePart: {
    body: 'MessagePartBody',
    filename: true,
    headers: 'MessagePartHeader',
    mimeType: true,
    partId: true,
    parts: 'MessagePart',
  },
  MessagePartBody: { attachmentId: true, data: true, size: true },
  MessagePartHeader: { name: true, value: true },
  ListLabelsResponse: { labels: 'Label' },
  Label: {
    color: 'LabelColor',
    id: true,
    labelListVisibility: true,
    messageListVisibility: true,
    messagesTotal: true,
    messagesUnread: true,
    name: true,
    threadsTotal: true,
    threadsUnread: true,
    type: true,
  },
  LabelColor: { backgroundColor: true, textColor: true },
  Empty: {},
};
