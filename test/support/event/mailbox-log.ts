import type { Event } from '../api-types';
import { eventually } from '../eventually';
import type { TestApp } from '../test-app';
import type { MessageEvent } from './of-type';

/**
 * Every event of a mailbox, once its cursor has reached the end of Gmail's history. Cursor and events are committed
 * together, so what is not there by then never comes: it needs no sleep to say that nothing else happened.
 */
export async function logOf(app: TestApp, mailbox: { id: string; emailAddress: string }): Promise<Event[]> {
  const end = BigInt(app.google.historyId(mailbox.emailAddress));
  await eventually(async () => (await app.api.get(`/v1/mailboxes/${mailbox.id}`)).sync, {
    until: ({ historyId }) => historyId !== null && BigInt(historyId) >= end,
  });
  return everyEventOf(app, mailbox.id);
}

/** Every committed event of a mailbox, waiting for those that a transaction elsewhere still hides from the list. */
export async function everyEventOf(app: TestApp, mailboxId: string): Promise<Event[]> {
  const [row] = await app.database.dataSource.query<{ count: number }[]>(
    'SELECT last_sequence::int AS count FROM mailbox_sequences WHERE mailbox_id = $1',
    [mailboxId],
  );
  return eventually(() => app.api.events({ mailboxId }), {
    until: ({ length }) => length >= (row?.count ?? 0),
  });
}

/** The events that report changes of messages. */
export function messageEvents(events: readonly Event[]): MessageEvent[] {
  return events.filter((event): event is MessageEvent => event.type.startsWith('message.'));
}

/** Waits until Pub/Sub has nothing left to push and the mailbox has read all that it was notified of. */
export async function quiet(app: TestApp, mailbox: { id: string; emailAddress: string }): Promise<void> {
  await app.google.pushesSettled();
  await logOf(app, mailbox);
}
