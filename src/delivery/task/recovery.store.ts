import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { sql, type SqlExecutor } from '../../database/sql';
import { includes, passesFilter, subscribes } from '../endpoint/subscription-filter';
import { afterBatch, BATCH_SIZE, type BatchResult, type EndpointTask } from './endpoint-task';
import { lockCursors, pendingDeliveries } from './task-batch.store';

/** How many pending deliveries, and how many dead ones, are looked at to count those that will be tried again. */
export const MAX_COUNTED = 10_000;

/** How many cursors one batch looks at for attempts under way: it writes few of them. */
const CURSORS_SCANNED = 5_000;

/** Until a batch comes again in which another session held a cursor. */
const LOCKED_WAIT_MS = 250;

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
   * Attempts of cursors that were under way when that was asked for: if one fails, the next one follows at once. There may be
   * no row in `deliveries` yet. An attempt that ends before this sees it has left one, and is for the step that follows. A
   * cursor that another session holds is not waited for: the batch comes again.
   */
  async retryUnderWay(
    on: SqlExecutor,
    { id, endpointId, position, since }: EndpointTask,
  ): Promise<BatchResult> {
    const [scanned] = await sql<{ count: number; last: string; locked: number }>(on, REQUEST_RETRIES, [
      endpointId,
      since,
      id,
      position ?? '',
      CURSORS_SCANNED,
    ]);
    const { count, last, locked } = scanned!;
    if (locked > 0) return { wait: LOCKED_WAIT_MS };
    return count < CURSORS_SCANNED ? 'done' : { position: last };
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
         + (SELECT count(*) FROM (${LONGEST_DUE}) cursor JOIN endpoints ON ${IS_UNDER_WAY})::int
         + (SELECT count(*) FROM ${newest('dead')}, endpoints, events WHERE ${CAN_BE_SENT})::int AS count`,
      [endpointId, since, MAX_COUNTED],
    );
    return row!.count;
  }
}

/** Of a cursor of the endpoint ($1): it is in the middle of an attempt, of an event that was appended since then ($2). */
const IS_UNDER_WAY = `endpoints.id = $1 AND cursor.epoch = endpoints.epoch AND high_watermark - cursor.sequence > 0
    AND attempt_started_at IS NOT NULL
    AND ($2::float8 IS NULL OR to_timestamp($2 / 1000) <= (
      SELECT occurred_at FROM events WHERE events.mailbox_id = cursor.mailbox_id
        AND events.sequence > cursor.sequence AND ${subscribes('events.type')} AND ${passesFilter('events')} ORDER BY events.sequence LIMIT 1))`;

/** Those that have been due for longest: of them are attempts made. */
const LONGEST_DUE = `SELECT due.* FROM endpoints CROSS JOIN LATERAL (
    SELECT * FROM delivery_cursors WHERE endpoint_id = endpoints.id AND epoch = endpoints.epoch
      AND high_watermark - sequence > 0 AND next_attempt_at <= now()
    ORDER BY next_attempt_at LIMIT $3) due
  WHERE endpoints.id = $1`;

/** Only attempts from before the task ($3): a batch that comes again must not ask for another retry of a retry. */
const REQUEST_RETRIES = `
  WITH scanned AS MATERIALIZED (
    SELECT * FROM delivery_cursors WHERE endpoint_id = $1 AND mailbox_id > $4 ORDER BY mailbox_id LIMIT $5),
  attempted AS MATERIALIZED (
    SELECT cursor.mailbox_id, attempt_started_at FROM scanned cursor JOIN endpoints ON ${IS_UNDER_WAY}
    WHERE attempt_started_at <= (SELECT created_at FROM endpoint_tasks WHERE id = $3) AND NOT retry_requested),
  held AS MATERIALIZED (
    SELECT cursor.mailbox_id, attempt_started_at FROM delivery_cursors cursor
    WHERE endpoint_id = $1 AND mailbox_id IN (SELECT mailbox_id FROM attempted)
    ORDER BY mailbox_id FOR NO KEY UPDATE SKIP LOCKED),
  requested AS (
    UPDATE delivery_cursors cursor SET retry_requested = true FROM held JOIN attempted USING (mailbox_id, attempt_started_at)
    WHERE endpoint_id = $1 AND cursor.mailbox_id = held.mailbox_id)
  SELECT (SELECT count(*) FROM scanned)::int AS count, (SELECT max(mailbox_id) FROM scanned) AS last,
    (SELECT count(*) FROM attempted)::int - (SELECT count(*) FROM held)::int AS locked`;

const WAITS = `delivery.status = 'pending' AND ${CAN_BE_SOONER}
  AND ($2::float8 IS NULL OR EXISTS (
    SELECT 1 FROM events WHERE events.id = delivery.event_id AND occurred_at >= to_timestamp($2 / 1000)))`;

const CAN_BE_SENT = `endpoints.id = $1 AND events.id = delivery.event_id
  AND (events.mailbox_id IS NULL OR ${includes('events.mailbox_id')}) AND ${subscribes('events.type')} AND ${passesFilter('events')}
  AND NOT EXISTS (SELECT 1 FROM delivery_cursors cursor
    WHERE cursor.endpoint_id = $1 AND cursor.mailbox_id = events.mailbox_id
      AND cursor.epoch = endpoints.epoch AND cursor.sequence < events.sequence)
  AND ($2::float8 IS NULL OR occurred_at >= to_timestamp($2 / 1000))`;
