import type { TestDatabase } from '../database/database';

/** Whether no snapshot of the mailbox is being built: nothing calls Google in the background any more. */
export async function nothingIsBuilt({ dataSource }: TestDatabase, mailboxId: string): Promise<boolean> {
  const text = 'SELECT 1 FROM mailbox_snapshots WHERE mailbox_id = $1 AND build_at IS NOT NULL';
  return (await dataSource.query<unknown[]>(text, [mailboxId])).length === 0;
}

/** Whether nothing is under way in any mailbox: no delivery is claimed or waits, and every snapshot is ready. */
export async function nothingIsUnderWay({ dataSource }: TestDatabase): Promise<boolean> {
  const rows = await dataSource.query<unknown[]>(
    `SELECT FROM delivery_cursors, mailbox_cursors, mailbox_snapshots
     WHERE sequence < high_watermark OR delivery_cursors.claimed_by IS NOT NULL OR state <> 'ready'`,
  );
  return rows.length === 0;
}
