import { EVENT_TYPES, type EventType } from '../event.types';
import { DELIVERED_ONLY_EVENTS, ENDPOINT_EVENTS } from './endpoint-events.schema';
import {
  ERASED_MAILBOX,
  erasedEventSchema,
  EVENT_MAILBOX,
  type EventDescription,
  type EventDescriptions,
  eventSchema,
} from './event-frame.schema';
import { erasedExample } from './example-event';
import { MAILBOX_EVENTS } from './mailbox-events.schema';
import { MESSAGE_EVENTS } from './message-events.schema';
import { EVENT_MESSAGE } from './message-payload.schema';
import { reference, type Schema } from './schema';
import { WATCH_EVENTS } from './watch-events.schema';

/** What can be in the log. */
export const LOGGED_EVENTS: EventDescriptions<EventType> = {
  ...MESSAGE_EVENTS,
  ...MAILBOX_EVENTS,
  ...WATCH_EVENTS,
  ...ENDPOINT_EVENTS,
};

/** What an endpoint can get. */
export const DELIVERED_EVENTS = { ...LOGGED_EVENTS, ...DELIVERED_ONLY_EVENTS };

/** The schemas of all events, by name: one for each type, and those that are any of them. */
export function eventSchemas(): Record<string, Schema> {
  const each = Object.entries(DELIVERED_EVENTS).map(([type, event]): [string, Schema] => [
    event.name,
    eventSchema(type as keyof typeof DELIVERED_EVENTS, event),
  ]);
  return {
    ...Object.fromEntries(each),
    ErasedEvent: erasedEventSchema(EVENT_TYPES.filter(isOfMailbox), erasedExample('message.added')),
    ErasedMailbox: ERASED_MAILBOX,
    EventMailbox: EVENT_MAILBOX,
    EventMessage: EVENT_MESSAGE,
    WholeEvent: byType('An event of the log, known by its `type`. There will be more types', LOGGED_EVENTS),
    Event: orErased('An event of the log; or what is left of one whose mailbox is erased', 'WholeEvent'),
    WholeWebhookEvent: byType('Anything that an endpoint can get, known by its `type`', DELIVERED_EVENTS),
    WebhookEvent: orErased(
      'Anything that an endpoint can get; or what a replay sends of an event whose mailbox is erased',
      'WholeWebhookEvent',
    ),
  };
}

function isOfMailbox(type: EventType): boolean {
  return LOGGED_EVENTS[type].mailbox === 'one';
}

function orErased(description: string, name: string): Schema {
  return { description, anyOf: [reference(name), reference('ErasedEvent')] };
}

function byType(description: string, events: Record<string, EventDescription>): Schema {
  const references = Object.entries(events).map(([type, { name }]) => [type, reference(name).$ref] as const);
  return {
    type: 'object',
    description,
    oneOf: references.map(([, $ref]) => ({ $ref })),
    discriminator: { propertyName: 'type', mapping: Object.fromEntries(references) },
  };
}
