import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { sql, type SqlExecutor } from '../../database/sql';
import { includes, subscribes } from '../endpoint/subscription-filter';
import { afterBatch, BATCH_SIZE, type BatchResult, type EndpointTask } from './endpoint-task';
import { lockCursors, pendingDeliveries } from './task-batch.store';

/** How many pending deliveries, and how many dead ones, are looked at to count those that will be tried again. */
export const MAX_COUNTED = 10_000;

/** A dead delivery gets all its attempts anew, by itself: its cursor has gone on. */
export const ANEW = `status = 'pending', parked = true, failures = 0, next_attempt_at = now()`;

/** Tries again, now, what waits for its next attempt and what is dead. What waits for its turn comes with those before it. */
@Injectable()
export class RecoveryStore {
  constructor(private readonly dataSource: DataSource) {}

  /** The next attempt of what is pending is due now. */
  async retryPending(on: SqlExecutor, { endpointId, position, since }: EndpointTask): Promise<BatchResult> {
    const pending = await pendingDeliveries(on, endpointId, position);
    const ids = pending.map(({ eventId }) => eventId);
    await lockCursors(on, endpointId, pending);
    await sql(
      on,
      `WITH due AS (
         UPDATE deliveries delivery SET next_attempt_at = now()
         WHERE endpoint_id = $1 AND event_id = ANY ($3) AND ${WAITS}
         RETURNING mailbox_id)
       UPDATE delivery_cursors cursor SET next_attempt_at = now()
       FROM due WHERE endpoint_id = $1 AND cursor.mailbox_id = due.mailbox_id AND cursor.next_attempt_at > now()`,
      [endpointId, since, ids],
    );
    return afterBatch(ids);
  }

  /** All that still pass the subscription, and that the log still holds. What a replay brings again anyway is left to it. */
  async retryDead(on: SqlExecutor, { endpointId, position, since }: EndpointTask): Promise<BatchResult> {
    const dead = await sql<{ event_id: string }>(
      on,
      `SELECT event_id FROM deliveries WHERE endpoint_id = $1 AND status = 'dead' AND event_id > $2
       ORDER BY event_id LIMIT $3`,
      [endpointId, position ?? '', BATCH_SIZE],
    );
    const ids = dead.map(({ event_id }) => event_id);
    await sql(
      on,
      `UPDATE deliveries delivery SET ${ANEW} FROM endpoints, events
       WHERE delivery.endpoint_id = $1 AND delivery.event_id = ANY ($3) AND delivery.status = 'dead' AND ${CAN_BE_SENT}`,
      [endpointId, since, ids],
    );
    return afterBatch(ids);
  }

  /** How many of the newest ones are about to be tried again. */
  async count(endpointId: string, since: number | null): Promise<number> {
    const newest = (status: string) =>
      `(SELECT * FROM deliveries WHERE endpoint_id = $1 AND status = '${status}' ORDER BY event_id DESC LIMIT $3) delivery`;
    const [row] = await sql<{ count: number }>(
      this.dataSource,
      `SELECT (SELECT count(*) FROM ${newest('pending')} WHERE ${WAITS})::int
         + (SELECT count(*) FROM ${newest('dead')}, endpoints, events WHERE ${CAN_BE_SENT})::int AS count`,
      [endpointId, since, MAX_COUNTED],
    );
    return row!.count;
  }
}

const WAITS = `delivery.status = 'pending' AND delivery.next_attempt_at > now()
  AND ($2::float8 IS NULL OR EXISTS (
    SELECT 1 FROM events WHERE events.id = delivery.event_id AND occurred_at >= to_timestamp($2 / 1000)))`;

const CAN_BE_SENT = `endpoints.id = $1 AND events.id = delivery.event_id
  AND (events.mailbox_id IS NULL OR ${includes('events.mailbox_id')}) AND ${subscribes('events.type')}
  AND NOT EXISTS (SELECT 1 FROM delivery_cursors cursor
    WHERE cursor.endpoint_id = $1 AND cursor.mailbox_id = events.mailbox_id
      AND cursor.epoch = endpoints.epoch AND cursor.sequence < events.sequence)
  AND ($2::float8 IS NULL OR occurred_at >= to_timestamp($2 / 1000))`;
