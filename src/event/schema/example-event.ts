import { EXAMPLE_ID } from '../../http/problem';
import type { EventMailbox, InboxwireEvent } from '../event.types';

const MAILBOX: EventMailbox = {
  id: EXAMPLE_ID.mailbox,
  emailAddress: 'ada@example.com',
  externalId: 'customer-4711',
};

/** An event of a mailbox that is erased. */
export function erasedExample(type: InboxwireEvent['type']): InboxwireEvent {
  const mailbox = { ...MAILBOX, emailAddress: null, externalId: null };
  return exampleEvent(type, { erased: true }, { mailbox });
}

/** An event of the example's mailbox. */
export function exampleEvent(
  type: InboxwireEvent['type'],
  data: Record<string, unknown>,
  frame: Partial<InboxwireEvent> = {},
): InboxwireEvent {
  const occurredAt = '2026-11-22T09:14:02.118Z';
  return {
    ...{ id: EXAMPLE_ID.event, type, sequence: 42, occurredAt },
    ...{ origin: 'live', mailbox: MAILBOX, ...frame },
    data,
  };
}
