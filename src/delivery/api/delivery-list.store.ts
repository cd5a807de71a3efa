import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { sql } from '../../database/sql';
import { deliveryId } from './delivery-id';
import type { Delivery, DeliveryKey, DeliveryStatus } from '../attempt/delivery.types';
import { readAttempt, type StoredAttempt } from '../attempt/stored-attempt';
import { passesFilter, passesFilterById, subscribes } from '../endpoint/subscription-filter';

export interface DeliveryFilter {
  endpointId?: string;
  mailboxId?: string;
  eventId?: string;
  status?: DeliveryStatus;
}

interface DeliveryRow {
  endpoint_id: string;
  event_id: string;
  mailbox_id: string | null;
  event_type: string;
  status: DeliveryStatus;
  attempts: StoredAttempt[];
  next_attempt_at: Date | null;
}

/**
 * Waiting events that are found by their cursors, one after the other: when more wait, they are looked for in the log, where
 * they are many.
 */
const MAX_CURSORS_READ = 2_000;
const MAX_WAITING_READ = 10_000;

/** Deliveries as they are, whether they have a row or only a cursor. Reads the log; writes nothing. */
@Injectable()
export class DeliveryListStore {
  constructor(private readonly dataSource: DataSource) {}

  /**
   * The newest events first.
   *
   * @param before the last delivery of the page before
   */
  async list(filter: DeliveryFilter, before: DeliveryKey | undefined, limit: number): Promise<Delivery[]> {
    const { endpointId, mailboxId, eventId, status } = filter;
    const waiting = (await this.areManyWaiting(filter)) ? WAITING_IN_LOG : WAITING_BY_CURSOR;
    const rows = await sql<DeliveryRow>(this.dataSource, pageWith(waiting), [
      endpointId ?? null,
      mailboxId ?? null,
      eventId ?? null,
      status ?? null,
      before?.eventId ?? null,
      before?.endpointId ?? null,
      limit,
    ]);
    return rows.map(toDelivery);
  }

  private async areManyWaiting({ endpointId, mailboxId, eventId, status }: DeliveryFilter): Promise<boolean> {
    // Of one mailbox the cursors are few.
    const isIrrelevant =
      mailboxId !== undefined || eventId !== undefined || (status ?? 'pending') !== 'pending';
    if (isIrrelevant) return false;
    const [row] = await sql<{ many: boolean }>(
      this.dataSource,
      `SELECT count(*) > $2 OR sum(behind) > $3 AS many FROM (
         SELECT high_watermark - sequence AS behind FROM delivery_cursors
         WHERE high_watermark - sequence > 0 AND ($1::text IS NULL OR endpoint_id = $1) LIMIT $2 + 1) waiting`,
      [endpointId ?? null, MAX_CURSORS_READ, MAX_WAITING_READ],
    );
    return row?.many === true;
  }
}

/** An event is still to come to a cursor, be it for the first time or once more, after a replay. */
const IS_WAITING = (sequence: string, type: string) =>
  `cursor.epoch = endpoints.epoch AND cursor.sequence < ${sequence} AND ${sequence} <= cursor.high_watermark
   AND ${subscribes(type)}`;

const PAGE = (eventId: string) =>
  `($3::text IS NULL OR ${eventId} = $3)
   AND ($5::text IS NULL OR (${eventId} <= $5 AND (${eventId}, endpoints.id) < ($5, $6)))`;

/** When an attempt is planned. What waits for others, or for the endpoint to be enabled, has no time. */
const NEXT_ATTEMPT_AT = `CASE WHEN endpoints.status = 'enabled' AND delivery.status = 'pending' THEN delivery.next_attempt_at END`;

/** The events of each cursor. OFFSET 0: from each cursor on, and not the whole log backwards in the hope of something that waits. */
const WAITING_BY_CURSOR = `
  SELECT cursor.endpoint_id, event.id AS event_id, cursor.mailbox_id, event.type
  FROM delivery_cursors cursor
  JOIN endpoints ON endpoints.id = cursor.endpoint_id
  CROSS JOIN LATERAL (
    SELECT id, type FROM events
    WHERE events.mailbox_id = cursor.mailbox_id AND ${IS_WAITING('events.sequence', 'events.type')}
      AND ${passesFilter('events')} OFFSET 0) event
  WHERE cursor.high_watermark - cursor.sequence > 0
    AND ($1::text IS NULL OR cursor.endpoint_id = $1) AND ($2::text IS NULL OR cursor.mailbox_id = $2)
    AND ($3::text IS NULL OR cursor.mailbox_id = (SELECT mailbox_id FROM events WHERE id = $3))`;

/** The log backwards, each event with the cursors that it waits for. */
const WAITING_IN_LOG = `
  SELECT cursor.endpoint_id, event.id AS event_id, event.mailbox_id, event.type
  FROM events event
  CROSS JOIN LATERAL (
    SELECT cursor.endpoint_id FROM delivery_cursors cursor JOIN endpoints ON endpoints.id = cursor.endpoint_id
    WHERE cursor.mailbox_id = event.mailbox_id AND ${IS_WAITING('event.sequence', 'event.type')}
      AND ${passesFilter('event')} OFFSET 0) cursor
  JOIN endpoints ON endpoints.id = cursor.endpoint_id
  WHERE ($1::text IS NULL OR cursor.endpoint_id = $1) AND ($2::text IS NULL OR event.mailbox_id = $2)`;

/**
 * What has a row, each endpoint's in their order in the primary key; and what waits for a cursor, which is pending,
 * whatever became of it the time before.
 *
 * @param waiting finds what waits for a cursor
 */
const pageWith = (waiting: string) => `
  SELECT DISTINCT ON (event_id, endpoint_id) * FROM (
    (SELECT recorded.* FROM endpoints CROSS JOIN LATERAL (
       SELECT delivery.endpoint_id, delivery.event_id, delivery.mailbox_id, delivery.event_type,
         CASE WHEN is_waiting THEN 'pending' ELSE delivery.status END AS status, delivery.attempts,
         ${NEXT_ATTEMPT_AT} AS next_attempt_at
       FROM deliveries delivery LEFT JOIN delivery_cursors cursor
         ON cursor.endpoint_id = delivery.endpoint_id AND cursor.mailbox_id = delivery.mailbox_id
       CROSS JOIN LATERAL (
         SELECT cursor.mailbox_id IS NOT NULL AND ${IS_WAITING('delivery.sequence', 'delivery.event_type')}
           AND ${passesFilterById('delivery.event_id')} AS is_waiting) state
       WHERE delivery.endpoint_id = endpoints.id AND ($2::text IS NULL OR delivery.mailbox_id = $2)
         AND ($4::text IS NULL OR delivery.status = $4) AND ${PAGE('delivery.event_id')}
         AND (coalesce($4::text, 'pending') = 'pending' OR is_waiting IS NOT TRUE)
       ORDER BY delivery.event_id DESC LIMIT $7) recorded
     WHERE $1::text IS NULL OR endpoints.id = $1)
    UNION ALL
    (SELECT waiting.endpoint_id, waiting.event_id, waiting.mailbox_id, waiting.type, 'pending',
       coalesce(delivery.attempts, '[]'), ${NEXT_ATTEMPT_AT}
     FROM (${waiting} AND coalesce($4::text, 'pending') = 'pending' AND ${PAGE('event.id')}
       ORDER BY event.id DESC, cursor.endpoint_id DESC LIMIT $7) waiting
     JOIN endpoints ON endpoints.id = waiting.endpoint_id
     LEFT JOIN deliveries delivery USING (endpoint_id, event_id))) page
  ORDER BY event_id DESC, endpoint_id DESC LIMIT $7`;

function toDelivery(row: DeliveryRow): Delivery {
  const key = { endpointId: row.endpoint_id, eventId: row.event_id };
  return {
    id: deliveryId(key),
    endpointId: row.endpoint_id,
    mailboxId: row.mailbox_id,
    eventId: row.event_id,
    eventType: row.event_type,
    status: row.status,
    attempts: row.attempts.map(readAttempt),
    nextAttemptAt: row.next_attempt_at?.toISOString() ?? null,
  };
}
