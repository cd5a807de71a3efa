import type { EventType } from '../event.types';
import { ERASED_DATA, type EventDescription, type EventDescriptions, ofMailbox } from './event-frame.schema';
import { erasedExample, exampleEvent } from './example-event';
import { count, digits, object, oneOf, text, time } from './schema';

type MailboxEventType = Extract<EventType, `mailbox.${string}`>;

/** An event that has nothing but its reason. */
function withReason(
  type: MailboxEventType,
  reasons: Record<string, string>,
  event: Pick<EventDescription, 'name' | 'summary' | 'description'>,
): EventDescription {
  const words = Object.keys(reasons);
  const meanings = Object.entries(reasons).map(([reason, meaning]) => `\`${reason}\`: ${meaning}`);
  return ofMailbox({
    ...event,
    data: object({ reason: oneOf(words, meanings.join('. ')) }),
    examples: Object.fromEntries(words.map((reason) => [reason, exampleEvent(type, { reason })])),
  });
}

export const MAILBOX_EVENTS: EventDescriptions<MailboxEventType> = {
  'mailbox.connected': withReason(
    'mailbox.connected',
    { connected: 'for the first time', reconnected: 'the account was connected before' },
    { name: 'MailboxConnectedEvent', summary: 'The owner of a mailbox has given access to it' },
  ),
  'mailbox.disconnected': withReason(
    'mailbox.disconnected',
    {
      requested: 'somebody asked for it',
      account_replaced: 'its address belongs to another account, which is a mailbox of its own',
    },
    {
      name: 'MailboxDisconnectedEvent',
      summary: 'A mailbox is disconnected: nothing more is read, and its tokens are erased',
    },
  ),
  'mailbox.address_changed': ofMailbox({
    name: 'MailboxAddressChangedEvent',
    summary: 'The account of a mailbox has another address',
    description: 'It is the same account and the same mailbox: its id, `sequence` and log stay.',
    data: object({
      previousEmailAddress: text('The address until now'),
      emailAddress: text('The address from now on'),
    }),
    examples: {
      'A new address': exampleEvent('mailbox.address_changed', {
        previousEmailAddress: 'ada.byron@example.com',
        emailAddress: 'ada@example.com',
      }),
    },
  }),
  'mailbox.reauthorization_required': withReason(
    'mailbox.reauthorization_required',
    {
      invalid_grant: 'Google no longer honours the grant',
      invalid_rapt: "the session control of the owner's Google Workspace asks for a new sign-in",
      insufficient_scope: 'the grant lacks a permission',
    },
    {
      name: 'MailboxReauthorizationRequiredEvent',
      summary: 'Nothing is read until the owner has used a new connect session',
      description: 'Then reading goes on where it stopped.',
    },
  ),
  'mailbox.gap': ofMailbox(
    {
      name: 'MailboxGapEvent',
      summary:
        'Gmail no longer had the history from the cursor on, and what could be found otherwise was appended',
      description: 'It comes after those events, which have `origin: "backfill"` too.',
      data: object({
        fromHistoryId: digits('Where the cursor was'),
        toHistoryId: digits('Where reading goes on'),
        recovered: object(
          {
            'message.added': count('Messages that arrived'),
            'message.deleted': count('Messages that were deleted'),
            'message.labels_added': count('Messages that got labels'),
            'message.labels_removed': count('Messages that lost labels'),
          },
          {
            optional: ['message.added', 'message.deleted', 'message.labels_added', 'message.labels_removed'],
            description: 'How many events of each type were appended',
          },
        ),
        complete: {
          type: 'boolean',
          description:
            'Whether additions, deletions and label changes were all recovered. False: only what arrived, by its time',
        },
      }),
      examples: {
        'A gap': exampleEvent(
          'mailbox.gap',
          {
            fromHistoryId: '9007299283327219',
            toHistoryId: '9007299283901127',
            recovered: { 'message.added': 3, 'message.labels_removed': 12 },
            complete: true,
          },
          { origin: 'backfill' },
        ),
      },
    },
    ['backfill'],
  ),
  'mailbox.backfilled': ofMailbox(
    {
      name: 'MailboxBackfilledEvent',
      summary: 'A backfill that was asked for has ended',
      description: 'It comes after the events of the messages, which have `origin: "backfill"` too.',
      data: object({
        since: time('What was asked for'),
        recovered: object(
          { 'message.added': count('Messages that had never been reported') },
          { description: 'How many events of each type were appended' },
        ),
        complete: { type: 'boolean', description: 'Whether all of them were read. Always true' },
      }),
      examples: {
        'A backfill': exampleEvent(
          'mailbox.backfilled',
          { since: '2026-04-01T00:00:00.000Z', recovered: { 'message.added': 214 }, complete: true },
          { origin: 'backfill' },
        ),
      },
    },
    ['backfill'],
  ),
  'mailbox.erased': {
    name: 'MailboxErasedEvent',
    summary: 'What was kept of a mailbox is erased: the last event of the mailbox',
    description:
      'Its earlier events say no more than their type and time (see `ErasedEvent`). Erase what you have of it.',
    mailbox: 'erased',
    origins: ['live'],
    data: ERASED_DATA,
    examples: { 'An erased mailbox': erasedExample('mailbox.erased') },
  },
};
