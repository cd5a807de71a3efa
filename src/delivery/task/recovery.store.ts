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

/** The next attempt of a cursor or a delivery is due now; if one is under way and fails, the next one follows at once. */
export const RETRY_NOW = `next_attempt_at = least(next_attempt_at, now()), retry_requested = attempt_started_at IS NOT NULL`;

/** Of a pending delivery: it waits for its next attempt, or is parked and in the middle of one. */
export const CAN_BE_SOONER = `(delivery.next_attempt_at > now() OR (delivery.parked AND delivery.attempt_started_at IS NOT NULL))`;

/** Tries again, now, what waits for its next attempt and what is dead. What waits for its turn comes with those before it. */
@Injectable()
export class RecoveryStore {
  constructor(private readonly dataSource: DataSource) {}

  /**
   * Attempts of cursors that are under way: if one fails, the next one follows at once. There may be no row in `deliveries`
   * yet. An attempt that ends before this sees it has left one, and is for the step that follows.
   */
  async retryUnderWay(on: SqlExecutor, { endpointId, since }: EndpointTask): Promise<BatchResult> {
    await sql(
      on,
      `WITH attempted AS MATERIALIZED (
         SELECT mailbox_id FROM ${UNDER_WAY} ORDER BY mailbox_id FOR NO KEY UPDATE OF cursor)
       UPDATE delivery_cursors cursor SET retry_requested = true FROM attempted
       WHERE endpoint_id = $1 AND cursor.mailbox_id = attempted.mailbox_id AND attempt_started_at IS NOT NULL`,
      [endpointId, since],
    );
    return 'done';
  }

  /** The next attempt of what is pending is due now. */
  async retryPending(on: SqlExecutor, { endpointId, position, since }: EndpointTask): Promise<BatchResult> {
    const pending = await pendingDeliveries(on, endpointId, position);
    const ids = pending.map(({ eventId }) => eventId);
    await lockCursors(on, endpointId, pending);
    await sql(
      on,
      `WITH due AS (
         UPDATE deliveries delivery SET ${RETRY_NOW}
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
         + (SELECT count(*) FROM ${UNDER_WAY})::int
         + (SELECT count(*) FROM ${newest('dead')}, endpoints, events WHERE ${CAN_BE_SENT})::int AS count`,
      [endpointId, since, MAX_COUNTED],
    );
    return row!.count;
  }
}

/** Cursors in the middle of an attempt. They were due, so the index gives them. */
const UNDER_WAY = `delivery_cursors cursor JOIN endpoints ON endpoints.id = cursor.endpoint_id
  WHERE cursor.endpoint_id = $1 AND cursor.epoch = endpoints.epoch AND high_watermark - sequence > 0
    AND next_attempt_at <= now() AND attempt_started_at IS NOT NULL
    AND ($2::float8 IS NULL OR to_timestamp($2 / 1000) <= (
      SELECT occurred_at FROM events WHERE events.mailbox_id = cursor.mailbox_id
        AND events.sequence > cursor.sequence AND ${subscribes('events.type')} ORDER BY events.sequence LIMIT 1))`;

const WAITS = `delivery.status = 'pending' AND ${CAN_BE_SOONER}
  AND ($2::float8 IS NULL OR EXISTS (
    SELECT 1 FROM events WHERE events.id = delivery.event_id AND occurred_at >= to_timestamp($2 / 1000)))`;

const CAN_BE_SENT = `endpoints.id = $1 AND events.id = delivery.event_id
  AND (events.mailbox_id IS NULL OR ${includes('events.mailbox_id')}) AND ${subscribes('events.type')}
  AND NOT EXISTS (SELECT 1 FROM delivery_cursors cursor
    WHERE cursor.endpoint_id = $1 AND cursor.mailbox_id = events.mailbox_id
      AND cursor.epoch = endpoints.epoch AND cursor.sequence < events.sequence)
  AND ($2::float8 IS NULL OR occurred_at >= to_timestamp($2 / 1000))`;
