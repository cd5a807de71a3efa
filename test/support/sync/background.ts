import type { TestDatabase } from '../database/database';

/** Whether no snapshot of the mailbox is being built: nothing calls Google in the background any more. */
export async function nothingIsBuilt({ dataSource }: TestDatabase, mailboxId: string): Promise<boolean> {
  const text = 'SELECT 1 FROM mailbox_snapshots WHERE mailbox_id = $1 AND build_at IS NOT NULL';
  return (await dataSource.query<unknown[]>(text, [mailboxId])).length === 0;
}
