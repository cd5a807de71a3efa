import { Injectable } from '@nestjs/common';
import { sql, type SqlExecutor } from '../../database/sql';
import { afterBatch, BATCH_SIZE, type BatchResult, type EndpointTask } from './endpoint-task';

/** Removes what a deleted endpoint has left. The endpoint itself is gone, so nobody reads or claims any of it. */
@Injectable()
export class RemovalStore {
  removeCursors(on: SqlExecutor, task: EndpointTask): Promise<BatchResult> {
    return remove(on, task, 'delivery_cursors', 'mailbox_id');
  }

  removeDeliveries(on: SqlExecutor, task: EndpointTask): Promise<BatchResult> {
    return remove(on, task, 'deliveries', 'event_id');
  }

  removeMissed(on: SqlExecutor, task: EndpointTask): Promise<BatchResult> {
    return remove(on, task, 'missed_events', 'mailbox_id');
  }
}

async function remove(
  on: SqlExecutor,
  { endpointId, position }: EndpointTask,
  table: string,
  key: string,
): Promise<BatchResult> {
  const rows = await sql<{ key: string }>(
    on,
    `WITH batch AS (
       SELECT ${key} AS key FROM ${table} WHERE endpoint_id = $1 AND ${key} > $2 ORDER BY ${key} LIMIT $3 FOR UPDATE),
     removed AS (DELETE FROM ${table} USING batch WHERE endpoint_id = $1 AND ${key} = batch.key)
     SELECT key FROM batch ORDER BY key`,
    [endpointId, position ?? '', BATCH_SIZE],
  );
  return afterBatch(rows.map((row) => row.key));
}
