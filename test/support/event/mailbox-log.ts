import { eventually } from '../eventually';
import type { TestApp } from '../test-app';

/**
 * Every event of a mailbox, once its cursor has reached the end of Gmail's history. Cursor and events are committed
 * together, so what is not there by then never comes: it needs no sleep to say that nothing else happened.
 */
export async function logOf(app: TestApp, mailbox: { id: string; emailAddress: string }): Promise<any[]> {
  const end = BigInt(app.google.historyId(mailbox.emailAddress));
  await eventually(async () => (await app.api.get(`/v1/mailboxes/${mailbox.id}`)).sync, {
    until: ({ historyId }) => historyId !== null && BigInt(historyId) >= end,
  });
  return everyEventOf(app, mailbox.id);
}

/** Every committed event of a mailbox, waiting for those that a transaction elsewhere still hides from the list. */
export async function everyEventOf(app: TestApp, mailboxId: string): Promise<any[]> {
  const [row] = await app.database.dataSource.query(
    'SELECT last_sequence::int AS count FROM mailbox_sequences WHERE mailbox_id = $1',
    [mailboxId],
  );
  return eventually(() => app.api.events({ mailboxId }), {
    until: ({ length }) => length >= (row?.count ?? 0),
  });
}

/** The events that tell of messages. */
export function messageEvents(events: any[]): any[] {
  return events.filter(({ type }) => type.startsWith('message.'));
}

/** Waits until Pub/Sub has nothing left to push and the mailbox has read what it was told of. */
export async function quiet(app: TestApp, mailbox: { id: string; emailAddress: string }): Promise<void> {
  await app.google.pushesSettled();
  await logOf(app, mailbox);
}
