import type { EventType } from '../event.types';
import type { EventDescription, EventDescriptions } from './event-frame.schema';
import { exampleEvent } from './example-event';
import { count, object, oneOf, reference, type Schema, time, orNull } from './schema';

type MailboxEventType = Extract<EventType, `mailbox.${string}` | `watch.${string}`>;

const HISTORY_ID: Schema = { type: 'string', pattern: '^\\d+$' };

const EXPIRES_AT = time('When the watch that was granted last expires');

const REFUSAL = {
  code: 'topic_permission_denied',
  message:
    'Gmail may not publish to PUBSUB_TOPIC. Give gmail-api-push@system.gserviceaccount.com the role Pub/Sub Publisher.',
  at: '2026-11-22T09:14:02.010Z',
};

const ofMailbox = (event: Omit<EventDescription, 'mailbox' | 'origins'>): EventDescription => ({
  ...{ mailbox: 'one', origins: ['live'] },
  ...event,
});

/** An event of which nothing but its reason is to be told. */
function withReason(
  type: MailboxEventType,
  reasons: Record<string, string>,
  event: Pick<EventDescription, 'name' | 'summary' | 'description'>,
): EventDescription {
  const words = Object.keys(reasons);
  const told = Object.entries(reasons).map(([reason, meaning]) => `\`${reason}\`: ${meaning}`);
  return ofMailbox({
    ...event,
    data: object({ reason: oneOf(words, told.join('. ')) }),
    examples: Object.fromEntries(words.map((reason) => [reason, exampleEvent(type, { reason })])),
  });
}

export const MAILBOX_EVENTS: EventDescriptions<MailboxEventType> = {
  'mailbox.connected': withReason(
    'mailbox.connected',
    { connected: 'for the first time', reconnected: 'the address was connected before' },
    { name: 'MailboxConnectedEvent', summary: 'The owner of a mailbox has given access to it' },
  ),
  'mailbox.disconnected': withReason(
    'mailbox.disconnected',
    { requested: 'somebody asked for it' },
    {
      name: 'MailboxDisconnectedEvent',
      summary: 'A mailbox is disconnected: the watch stopped, the grant revoked and erased',
    },
  ),
  'mailbox.reauthorization_required': withReason(
    'mailbox.reauthorization_required',
    {
      invalid_grant: 'Google no longer honours the grant',
      insufficient_scope: 'the grant lacks a permission',
    },
    {
      name: 'MailboxReauthorizationRequiredEvent',
      summary: 'Nothing is read until the owner has used a new connect session',
      description: 'Then reading goes on where it stopped.',
    },
  ),
  'mailbox.gap': {
    name: 'MailboxGapEvent',
    summary:
      'Gmail no longer had the history from the cursor on, and what could be found otherwise was appended',
    description: 'It comes after those events, which have `origin: "backfill"` too.',
    mailbox: 'one',
    origins: ['backfill'],
    data: object({
      fromHistoryId: { ...HISTORY_ID, description: 'Where the cursor was' },
      toHistoryId: { ...HISTORY_ID, description: 'Where reading goes on' },
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
  'watch.failed': ofMailbox({
    name: 'WatchFailedEvent',
    summary: 'Gmail refused to start or to renew a watch; once for a run of refusals',
    description: 'It is tried again by itself.',
    data: object({
      expiresAt: orNull(EXPIRES_AT, 'When the watch that was granted last expires; null when there was none'),
      error: reference('LastError'),
    }),
    examples: { 'A refusal': exampleEvent('watch.failed', { expiresAt: null, error: REFUSAL }) },
  }),
  'watch.expired': ofMailbox({
    name: 'WatchExpiredEvent',
    summary: 'The watch has run out before it could be renewed; once for each expiry',
    description: 'It is tried again by itself.',
    data: object({
      expiresAt: EXPIRES_AT,
      error: orNull(
        reference('LastError'),
        'Null when nothing was refused before, as after a long standstill',
      ),
    }),
    examples: {
      'After a refusal': exampleEvent('watch.expired', {
        expiresAt: '2026-11-22T09:14:00.000Z',
        error: REFUSAL,
      }),
      'After a standstill': exampleEvent('watch.expired', {
        expiresAt: '2026-11-22T09:14:00.000Z',
        error: null,
      }),
    },
  }),
};
