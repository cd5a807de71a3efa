import { EXAMPLE_ID } from '../../http/problem';
import type { DeliveredOnlyType, EventType } from '../event.types';
import type { EventDescriptions } from './event-frame.schema';
import { exampleEvent } from './example-event';
import { count, object, oneOf, orNull, text, time } from './schema';

const OF_NO_MAILBOX = { sequence: null, mailbox: null };

export const ENDPOINT_EVENTS: EventDescriptions<Extract<EventType, `endpoint.${string}`>> = {
  'endpoint.disabled': {
    name: 'EndpointDisabledEvent',
    summary: 'Inboxwire has disabled an endpoint',
    description:
      'Endpoints get it that want its type and are not narrowed to some mailboxes. Disabling one by hand is no event.',
    mailbox: 'none',
    origins: ['live'],
    data: object({
      endpointId: text(),
      reason: oneOf(
        ['gone', 'failing'],
        '`gone`: its receiver answered 410. `failing`: nothing got through for days',
      ),
      disabledReason: text('The same for people, as the endpoint shows it'),
      failingSince: orNull(time('Since when nothing got through; null when all went well until then')),
    }),
    examples: {
      'Failing for days': exampleEvent(
        'endpoint.disabled',
        {
          endpointId: EXAMPLE_ID.endpoint,
          reason: 'failing',
          disabledReason:
            'failing: every attempt of the last days has failed. Enabled again, the endpoint goes on where it stopped',
          failingSince: '2026-11-17T08:03:41.218Z',
        },
        OF_NO_MAILBOX,
      ),
    },
  },
};

export const DELIVERED_ONLY_EVENTS: EventDescriptions<DeliveredOnlyType> = {
  'endpoint.test': {
    name: 'EndpointTestEvent',
    summary: 'Somebody tests the endpoint (`POST /v1/endpoints/{id}/test`)',
    description: 'It is in no list and no stream.',
    mailbox: 'none',
    origins: ['live'],
    data: object({}),
    examples: { 'A test': exampleEvent('endpoint.test', {}, OF_NO_MAILBOX) },
  },
  'endpoint.events_missed': {
    name: 'EndpointEventsMissedEvent',
    summary: 'Events have left the log before this endpoint had them',
    description:
      'It comes before the next event of the mailbox, with the `sequence` of the last one missed, whatever the `eventTypes` of the endpoint are. It is in no list and no stream.',
    mailbox: 'one',
    origins: ['live'],
    data: object({
      reason: oneOf(['retention'], '`retention`: they were older than `EVENT_RETENTION`'),
      count: count('How many events that the endpoint wants were missed', 1),
      fromSequence: count('The first of them', 1),
      toSequence: count('The last of them', 1),
    }),
    examples: {
      'Events missed': exampleEvent(
        'endpoint.events_missed',
        { reason: 'retention', count: 12, fromSequence: 190, toSequence: 207 },
        { sequence: 207 },
      ),
    },
  },
};
