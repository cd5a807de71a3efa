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
  /** `none`: it belongs to no mailbox, and so has no sequence either. */
  mailbox: 'one' | 'none';
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

/** The schema of one type of event: the frame that all have, and its own data. */
export function eventSchema(type: AnyType, event: EventDescription): Schema {
  const { summary, description, mailbox, origins, data, examples } = event;
  const hasMailbox = mailbox === 'one';
  const properties = {
    id: text('Opaque; also the `webhook-id` of every delivery of the event'),
    type: oneOf([type]),
    sequence: hasMailbox
      ? count('Counts the events of the mailbox from 1, without holes', 1)
      : ({ type: 'null', description: 'It belongs to no mailbox' } as Schema),
    occurredAt: time('When the event was appended to the log'),
    origin: oneOf(origins, '`live`: as it happened. `backfill`: found later, by comparing'),
    mailbox: hasMailbox ? reference('EventMailbox') : ({ type: 'null' } as Schema),
    data,
  };
  const whole = description ? `${summary}. ${description}` : summary;
  return { ...object(properties, { description: whole }), examples: Object.values(examples) };
}
