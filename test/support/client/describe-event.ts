import { isErased, type WebhookEvent } from 'inboxwire-client';

/** In a few words. That this compiles shows that `type` distinguishes `data` and `mailbox`, and that no type is left out. */
export function describeEvent(event: WebhookEvent): string {
  if (isErased(event)) return `${event.mailbox.id} is erased`;
  switch (event.type) {
    case 'message.added':
      return `${event.mailbox.emailAddress} got “${event.data.message?.subject}”`;
    case 'message.labels_added':
    case 'message.labels_removed':
      return `${event.data.messageId}: ${event.data.changedLabelIds.join()}`;
    case 'message.deleted':
      return `${event.data.threadId} lost a message`;
    case 'mailbox.connected':
    case 'mailbox.disconnected':
    case 'mailbox.reauthorization_required':
      return `${event.mailbox.id}: ${event.data.reason}`;
    case 'mailbox.address_changed':
      return `${event.data.previousEmailAddress} is ${event.data.emailAddress} now`;
    case 'mailbox.gap':
      return event.data.complete ? 'all recovered' : `${event.data.recovered['message.added']} recovered`;
    case 'mailbox.backfilled':
      return `${event.data.recovered['message.added']} since ${event.data.since}`;
    case 'watch.failed':
    case 'watch.expired':
      return event.data.error?.message ?? 'no error';
    case 'endpoint.disabled':
      return event.data.disabledReason;
    case 'endpoint.events_missed':
      return `${event.data.count} up to ${event.sequence.toFixed()}`;
    case 'endpoint.test':
      return 'a test';
    default:
      return event satisfies never;
  }
}
