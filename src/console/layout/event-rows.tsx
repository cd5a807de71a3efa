import type { VNode } from 'preact';
import type { InboxwireEvent } from '../../event/event.types';
import { type Column, Rows, Time } from './components';
import { link } from './format';

/** What happened, in the words of the event: the subject of a mail, or the labels that changed. */
export function summary({ type, data }: InboxwireEvent): string {
  const fields = (data ?? {}) as Record<string, unknown>;
  const message = fields.message as {
    subject?: unknown;
    from?: { name?: unknown; address?: unknown } | null;
  } | null;
  if (fields.erased === true) return 'erased';
  if (type === 'message.added' && message) {
    const from = text(message.from?.name) || text(message.from?.address);
    return [from, text(message.subject) || '(no subject)'].filter(Boolean).join(': ');
  }
  if (Array.isArray(fields.changedLabelIds)) return fields.changedLabelIds.map(text).join(', ');
  const said = fields.reason ?? fields.error ?? fields.messageId ?? '';
  return text(typeof said === 'object' && said !== null ? (said as { message?: unknown }).message : said);
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

/** @param isOfOne all are of one mailbox, which need not be named */
export function eventColumns(now: Date, isOfOne = false): Column<InboxwireEvent>[] {
  return [
    { name: 'When', cell: ({ occurredAt }) => <Time at={occurredAt} now={now} /> },
    {
      name: 'Event',
      cell: ({ id, type }) => (
        <a class="whole" href={link(`/events/${id}`)}>
          {type}
        </a>
      ),
    },
    ...(isOfOne ? [] : [{ name: 'Mailbox', cell: (event: InboxwireEvent) => <MailboxName event={event} /> }]),
    { name: 'What', cell: (event) => summary(event) },
  ];
}

function MailboxName({ event: { mailbox } }: { event: InboxwireEvent }): VNode {
  if (!mailbox) return <span class="muted">–</span>;
  return (
    <a class="address" href={link(`/mailboxes/${mailbox.id}`)}>
      {mailbox.emailAddress ?? mailbox.id}
    </a>
  );
}

/** The rows alone, for a list that is open. */
export function EventRows({ events, now }: { events: readonly InboxwireEvent[]; now: Date }): VNode {
  return <Rows columns={eventColumns(now)} rows={events} id={({ id }) => id} />;
}
