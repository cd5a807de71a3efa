import { messageIdOf } from '../../../src/sync/snapshot/message-number';
import { eventually } from '../eventually';
import type { TestApp } from '../test-app';

/** Waits until the snapshot of a mailbox is ready, or in another state. */
export function snapshotIs(app: TestApp, mailboxId: string, state = 'ready'): Promise<unknown> {
  const current = async () => {
    const text = 'SELECT state FROM mailbox_snapshots WHERE mailbox_id = $1';
    return (await app.database.dataSource.query<{ state: string }[]>(text, [mailboxId]))[0]?.state;
  };
  return eventually(current, { until: (seen) => seen === state, timeout: 20_000 });
}

/** What the snapshot of a mailbox holds: message, thread and labels, sorted. */
export async function snapshotOf(app: TestApp, mailboxId: string): Promise<unknown[]> {
  const rows = await app.database.dataSource.query<
    { message_id: string; thread_id: string; labels: string[] }[]
  >(
    `SELECT m.message_id, m.thread_id, ARRAY(SELECT s.labels[number + 1] FROM unnest(m.labels) AS number) AS labels
     FROM snapshot_messages m JOIN mailbox_snapshots s ON s.id = m.snapshot_id WHERE s.mailbox_id = $1`,
    [mailboxId],
  );
  return rows
    .map((row) => [messageIdOf(row.message_id), messageIdOf(row.thread_id), row.labels.sort()])
    .sort();
}

/** The same of what the local Google has, as far as it carries the label. */
export function contentsOf(app: TestApp, address: string, labelId?: string): unknown[] {
  return [...app.google.mailbox(address).messages.values()]
    .filter(({ labelIds }) => labelId === undefined || labelIds.has(labelId))
    .map(({ id, threadId, labelIds }) => [id, threadId, [...labelIds].sort()])
    .sort();
}
