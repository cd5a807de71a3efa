import type { EventType } from '../event.types';
import { type EventDescriptions, ofMailbox } from './event-frame.schema';
import { exampleEvent } from './example-event';
import { object, orNull, reference, time } from './schema';

const REFUSAL = {
  code: 'topic_permission_denied',
  message:
    'Gmail may not publish to PUBSUB_TOPIC. Give gmail-api-push@system.gserviceaccount.com the role Pub/Sub Publisher.',
  at: '2026-11-22T09:14:02.010Z',
};

export const WATCH_EVENTS: EventDescriptions<Extract<EventType, `watch.${string}`>> = {
  'watch.failed': ofMailbox({
    name: 'WatchFailedEvent',
    summary: 'Gmail refused to start or to renew a watch; once for a run of refusals',
    description: 'It is tried again by itself.',
    data: object({
      expiresAt: orNull(time('When the watch that was granted last expires; null when there was none')),
      error: reference('LastError'),
    }),
    examples: { 'A refusal': exampleEvent('watch.failed', { expiresAt: null, error: REFUSAL }) },
  }),
  'watch.expired': ofMailbox({
    name: 'WatchExpiredEvent',
    summary: 'The watch has run out before it could be renewed; once for each expiry',
    description: 'It is tried again by itself.',
    data: object({
      expiresAt: time('When it ran out'),
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
