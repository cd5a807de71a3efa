import { EXAMPLE_ID } from '../../http/problem';
import type { DeliveredOnlyType, EventOrigin, EventType, InboxwireEvent } from '../event.types';
import { count, object, oneOf, reference, type Schema, text, time } from './schema';

type AnyType = EventType | DeliveredOnlyType;

/** What is to be said of a type of event. */
export interface EventDescription {
  /** The name of its schema. */
  name: string;
  /** When it happens, in a sentence. */
  summary: string;
  description?: string;
  /** `none`: it belongs to no mailbox, and so has no sequence either. `erased`: the mailbox has no address any more. */
  mailbox: 'one' | 'none' | 'erased';
  origins: readonly EventOrigin[];
  data: Schema;
  /** Events as they are, each with a title. */
  examples: Record<string, InboxwireEvent>;
}

/** Everything that is said of some types of events: of each of them, which the compiler sees to. */
export type EventDescriptions<Type extends AnyType> = { readonly [Each in Type]: EventDescription };

/** A type of event that belongs to a mailbox. */
export const ofMailbox = (
  event: Omit<EventDescription, 'mailbox' | 'origins'>,
  origins: readonly EventOrigin[] = ['live'],
): EventDescription => ({ ...event, mailbox: 'one', origins });

export const EVENT_MAILBOX = object(
  {
    id: { ...text(), example: EXAMPLE_ID.mailbox },
    emailAddress: { ...text(), example: 'ada@example.com' },
    externalId: {
      type: ['string', 'null'],
      description: 'What you call it, or null',
      example: 'customer-4711',
    },
  },
  { description: 'A mailbox as it was when the event was appended' },
);

/** What is left of the data of an event when its mailbox is erased. */
export const ERASED_DATA = object({ erased: { type: 'boolean', enum: [true] } });

export const ERASED_MAILBOX = object(
  {
    id: { ...text(), example: EXAMPLE_ID.mailbox },
    emailAddress: { type: 'null' },
    externalId: { type: 'null' },
  },
  { description: 'A mailbox that is erased' },
);

const MAILBOXES = {
  one: reference('EventMailbox'),
  none: { type: 'null' } as Schema,
  erased: reference('ErasedMailbox'),
};

/** What is left of an event of any type when its mailbox is erased. */
export function erasedEventSchema(types: readonly AnyType[], example: InboxwireEvent): Schema {
  const description =
    'What is left of an event, of whatever type, once its mailbox is erased: in lists, streams and replays';
  const event = { name: 'ErasedEvent', summary: description, mailbox: 'erased', origins: ['live'] } as const;
  return eventSchema(types, { ...event, data: ERASED_DATA, examples: { erased: example } });
}

/** The schema of one type of event: the frame that all have, and its own data. */
export function eventSchema(type: AnyType | readonly AnyType[], event: EventDescription): Schema {
  const { summary, description, mailbox, origins, data, examples } = event;
  const hasMailbox = mailbox !== 'none';
  const properties = {
    id: text('Opaque; also the `webhook-id` of every delivery of the event'),
    type: oneOf(typeof type === 'string' ? [type] : type),
    sequence: hasMailbox
      ? count('Counts the events of the mailbox from 1, without holes', 1)
      : ({ type: 'null', description: 'It belongs to no mailbox' } as Schema),
    occurredAt: time('When the event was appended to the log'),
    origin: oneOf(origins, '`live`: as it happened. `backfill`: found later, by comparing'),
    mailbox: MAILBOXES[mailbox],
    data,
  };
  const whole = description ? `${summary}. ${description}` : summary;
  return { ...object(properties, { description: whole }), examples: Object.values(examples) };
}
