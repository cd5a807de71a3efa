import type { ErasedEvent, Event, MailboxErasedEvent, WebhookEvent } from './generated/types.gen.js';

/** Whether the mailbox of an event is erased: then nothing is left of its data, whatever its type. */
export function isErased(event: Event | WebhookEvent): event is ErasedEvent | MailboxErasedEvent {
  return 'erased' in event.data;
}
