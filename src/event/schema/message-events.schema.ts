import type { EventType } from '../event.types';
import { type EventDescription, type EventDescriptions, ofMailbox } from './event-frame.schema';
import { exampleEvent } from './example-event';
import { digits, list, object, oneOf, orNull, reference, type Schema, text } from './schema';

type MessageEventType = Extract<EventType, `message.${string}`>;

const HISTORY_ID = digits(
  "That of the history record, or for a backfill the message's own: a decimal number, often too large for a number of JSON",
);

/** Gmail's three ids, what else there is, and whether there could have been more. */
function messageData(own: Record<string, Schema> = {}, optional: string[] = []): Schema {
  const properties = {
    messageId: text(),
    threadId: orNull(text('Null when Gmail did not say')),
    historyId: HISTORY_ID,
    ...own,
    error: oneOf(
      ['unprocessable'],
      'The change could not be processed in several attempts: the ids are all that there is. Left out otherwise',
    ),
  };
  return object(properties, { optional: [...optional, 'error'] });
}

const IDS = { messageId: '193069c43a8c3b7c', threadId: '193069c43a8c3b7c', historyId: '9007299283327219' };

const MESSAGE = {
  from: { name: 'Bob Example', address: 'bob@example.net' },
  to: [{ name: 'Ada Example', address: 'ada@example.com' }],
  cc: [],
  bcc: [],
  replyTo: [],
  subject: 'The contract',
  date: '2026-11-22T09:13:58.000Z',
  snippet: 'Hello Ada, here is the contract.',
  rfc822MessageId: '<pdf-1@example.net>',
  inReplyTo: '<1@example.com>',
  references: ['<0@example.net>', '<1@example.com>'],
  listId: null,
  autoSubmitted: null,
  internalDate: '2026-11-22T09:14:01.000Z',
  sizeEstimate: 48_213,
  attachments: [
    {
      ...{ id: 'ANGjdJ8wL2x5TqkQ', name: 'contract.pdf', type: 'application/pdf', size: 34_512 },
      ...{ inline: false, contentId: null },
    },
  ],
  headers: {},
};

const added = (message: object | null, more: object = {}) =>
  exampleEvent('message.added', { ...IDS, labelIds: ['UNREAD', 'INBOX'], message, ...more });

const ofMessage = (event: Parameters<typeof ofMailbox>[0]) => ofMailbox(event, ['live', 'backfill']);

const labelsChanged = (name: string, summary: string, example: EventDescription['examples'][string]) =>
  ofMessage({
    name,
    summary,
    data: messageData({
      changedLabelIds: list(text(), 'The labels that changed'),
      labelIds: list(text(), 'All labels of the message after the change'),
    }),
    examples: { 'A change of labels': example },
  });

export const MESSAGE_EVENTS: EventDescriptions<MessageEventType> = {
  'message.added': ofMessage({
    name: 'MessageAddedEvent',
    summary: 'A message has arrived',
    description: 'A message has at most one in the log, whatever is read again.',
    data: messageData(
      {
        labelIds: list(text(), 'The labels at arrival'),
        message: orNull(
          reference('EventMessage'),
          'Null with `MESSAGE_PAYLOAD=ids`, with `gone` and with `error`',
        ),
        gone: {
          type: 'boolean',
          enum: [true],
          description: 'The message was gone before it could be read. Left out otherwise',
        },
      },
      ['gone'],
    ),
    examples: {
      'MESSAGE_PAYLOAD=metadata': added(MESSAGE),
      'MESSAGE_PAYLOAD=full': added({
        ...MESSAGE,
        text: 'Hello Ada,\nhere is the contract.\n',
        html: '<p>Hello Ada,<br>here is the contract.</p>',
      }),
      'MESSAGE_PAYLOAD=ids': added(null),
      'Gone before it could be read': added(null, { gone: true }),
      'Not to be processed': added(null, { error: 'unprocessable' }),
    },
  }),
  'message.deleted': ofMessage({
    name: 'MessageDeletedEvent',
    summary: 'A message has been deleted for good, not moved to the trash',
    data: messageData(),
    examples: { 'A deletion': exampleEvent('message.deleted', IDS) },
  }),
  'message.labels_added': labelsChanged(
    'MessageLabelsAddedEvent',
    'A message has got labels: it was starred, marked unread, moved to the trash…',
    exampleEvent('message.labels_added', {
      ...IDS,
      changedLabelIds: ['STARRED'],
      labelIds: ['INBOX', 'STARRED'],
    }),
  ),
  'message.labels_removed': labelsChanged(
    'MessageLabelsRemovedEvent',
    'A message has lost labels: it was read, archived…',
    exampleEvent('message.labels_removed', { ...IDS, changedLabelIds: ['UNREAD'], labelIds: ['INBOX'] }),
  ),
};
