import { sql, type SqlExecutor } from '../../database/sql';
import { BATCH_SIZE } from './endpoint-task';

/** A delivery of a batch. */
export interface BatchDelivery {
  eventId: string;
  mailboxId: string | null;
}

/** A batch of an endpoint's pending deliveries, in the order of their events. */
export function pendingDeliveries(
  on: SqlExecutor,
  endpointId: string,
  after: string | null,
): Promise<BatchDelivery[]> {
  return sql<BatchDelivery>(
    on,
    `SELECT event_id AS "eventId", mailbox_id AS "mailboxId" FROM deliveries
     WHERE endpoint_id = $1 AND status = 'pending' AND event_id > $2 ORDER BY event_id LIMIT $3`,
    [endpointId, after ?? '', BATCH_SIZE],
  );
}

/** Locks the cursors of their mailboxes in the common order, before anything of the batch is written. */
export async function lockCursors(
  on: SqlExecutor,
  endpointId: string,
  batch: readonly BatchDelivery[],
): Promise<void> {
  await sql(
    on,
    `SELECT 1 FROM delivery_cursors WHERE endpoint_id = $1 AND mailbox_id = ANY ($2) ORDER BY mailbox_id FOR UPDATE`,
    [endpointId, batch.flatMap(({ mailboxId }) => mailboxId ?? [])],
  );
}
