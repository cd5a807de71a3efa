import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { sql } from '../../database/sql';
import { deliveryId } from './delivery-id';
import type { Attempt, Delivery, DeliveryKey, DeliveryStatus } from '../attempt/delivery.types';
import { subscribes } from '../endpoint/subscription-filter';

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
  attempts: Attempt[];
  next_attempt_at: Date | null;
}

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
    const rows = await sql<DeliveryRow>(this.dataSource, LIST, [
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
}

/** An event is still to come to a cursor, be it for the first time or once more, after a replay. */
const WAITING = (sequence: string, type: string) =>
  `cursor.epoch = endpoints.epoch AND cursor.sequence < ${sequence} AND ${sequence} <= cursor.high_watermark
   AND ${subscribes(type)}`;

const PAGE = (eventId: string) =>
  `($3::text IS NULL OR ${eventId} = $3)
   AND ($5::text IS NULL OR (${eventId} <= $5 AND (${eventId}, endpoints.id) < ($5, $6)))`;

/** When an attempt is planned. What waits for others, or for the endpoint to be enabled, has no time. */
const NEXT_ATTEMPT_AT = `CASE WHEN endpoints.status = 'enabled' AND delivery.status = 'pending' THEN delivery.next_attempt_at END`;

/**
 * Two kinds, and each delivery is of one. What cursors have passed: the row is right, and each endpoint's rows are in
 * their order in the primary key. What waits for a cursor: it is pending, whatever became of it the time before.
 */
const LIST = `
  (SELECT passed.* FROM endpoints CROSS JOIN LATERAL (
     SELECT delivery.endpoint_id, delivery.event_id, delivery.mailbox_id, delivery.event_type, delivery.status,
       delivery.attempts, ${NEXT_ATTEMPT_AT} AS next_attempt_at
     FROM deliveries delivery LEFT JOIN delivery_cursors cursor
       ON cursor.endpoint_id = delivery.endpoint_id AND cursor.mailbox_id = delivery.mailbox_id
     WHERE delivery.endpoint_id = endpoints.id AND ($2::text IS NULL OR delivery.mailbox_id = $2)
       AND ($4::text IS NULL OR delivery.status = $4) AND ${PAGE('delivery.event_id')}
       AND (cursor.mailbox_id IS NULL OR NOT (${WAITING('delivery.sequence', 'delivery.event_type')}))
     ORDER BY delivery.event_id DESC LIMIT $7) passed
   WHERE $1::text IS NULL OR endpoints.id = $1)
  UNION ALL
  (SELECT waiting.endpoint_id, waiting.event_id, waiting.mailbox_id, waiting.type, 'pending',
     coalesce(delivery.attempts, '[]'), ${NEXT_ATTEMPT_AT}
   FROM (
     SELECT cursor.endpoint_id, event.id AS event_id, cursor.mailbox_id, event.type
     FROM delivery_cursors cursor
     JOIN endpoints ON endpoints.id = cursor.endpoint_id
     CROSS JOIN LATERAL (
       -- OFFSET 0: from each cursor on, and not the whole log backwards in the hope of something that waits.
       SELECT id, type FROM events
       WHERE events.mailbox_id = cursor.mailbox_id AND ${WAITING('events.sequence', 'events.type')} OFFSET 0) event
     WHERE coalesce($4::text, 'pending') = 'pending' AND cursor.high_watermark - cursor.sequence > 0
       AND ($1::text IS NULL OR cursor.endpoint_id = $1) AND ($2::text IS NULL OR cursor.mailbox_id = $2)
       AND ($3::text IS NULL OR cursor.mailbox_id = (SELECT mailbox_id FROM events WHERE id = $3))
       AND ${PAGE('event.id')}
     ORDER BY event.id DESC, cursor.endpoint_id DESC LIMIT $7) waiting
   JOIN endpoints ON endpoints.id = waiting.endpoint_id
   LEFT JOIN deliveries delivery USING (endpoint_id, event_id))
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
    attempts: row.attempts,
    nextAttemptAt: row.next_attempt_at?.toISOString() ?? null,
  };
}
