import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { sql, type SqlExecutor } from '../../database/sql';
import type { Delivery, DeliveryKey } from '../attempt/delivery.types';
import { includes, subscribes } from '../endpoint/subscription-filter';
import { CursorMaintenanceStore } from '../queue/cursor-maintenance.store';

/**
 * Gives dead deliveries all their attempts anew: their cursors have gone on, and each is tried for itself. What waits for
 * its next attempt is made due now, and what waits for its turn comes with those before it.
 */
@Injectable()
export class DeliveryRetryStore {
  constructor(
    private readonly dataSource: DataSource,
    private readonly cursors: CursorMaintenanceStore,
  ) {}

  /** @returns whether it was dead */
  async retryDead({ endpointId, eventId }: DeliveryKey): Promise<boolean> {
    const rows = await sql(
      this.dataSource,
      `UPDATE deliveries SET ${AGAIN} WHERE endpoint_id = $1 AND event_id = $2 AND status = 'dead' RETURNING 1`,
      [endpointId, eventId],
    );
    return rows.length > 0;
  }

  /** The next attempt of a pending delivery is due now. In an order, that of the first one of its mailbox. */
  async retryPending({ endpointId, eventId, mailboxId }: Delivery): Promise<void> {
    await this.dataSource.transaction(async (manager) => {
      await sql(
        manager,
        `UPDATE delivery_cursors SET next_attempt_at = now()
         WHERE endpoint_id = $1 AND mailbox_id = $2 AND next_attempt_at > now()`,
        [endpointId, mailboxId],
      );
      await sql(
        manager,
        `UPDATE deliveries SET next_attempt_at = now()
         WHERE endpoint_id = $1 AND status = 'pending' AND next_attempt_at > now()
           AND (event_id = $2 OR (mailbox_id = $3 AND NOT parked))`,
        [endpointId, eventId, mailboxId],
      );
      await this.cursors.wakeReplicas(manager);
    });
  }

  /**
   * All that still pass the subscription filter, and that the log still holds. What a replay brings again anyway is left
   * to it.
   *
   * @param since milliseconds since the epoch: only events that were appended then or later
   * @returns how many dead ones are tried again, and how many that waited
   */
  async recover(endpointId: string, since: number | undefined): Promise<number> {
    return this.dataSource.transaction(async (manager) => {
      // Cursors before deliveries, and in the common order, as everywhere.
      await sql(manager, WAITING_CURSORS, [endpointId]);
      const waiting = await sql<{ mailbox_id: string | null }>(manager, RETRY_WAITING, [
        endpointId,
        since ?? null,
      ]);
      await this.retryCursors(manager, endpointId, since === undefined ? null : waiting);
      const dead = await sql(manager, RETRY_DEAD, [endpointId, since ?? null]);
      await this.cursors.wakeReplicas(manager);
      return waiting.length + dead.length;
    });
  }

  /** @param waiting of their mailboxes alone; null for all */
  private async retryCursors(
    on: SqlExecutor,
    endpointId: string,
    waiting: { mailbox_id: string | null }[] | null,
  ): Promise<void> {
    await sql(
      on,
      `UPDATE delivery_cursors SET next_attempt_at = now()
       WHERE endpoint_id = $1 AND high_watermark - sequence > 0 AND next_attempt_at > now()
         AND ($2::text[] IS NULL OR mailbox_id = ANY ($2))`,
      [endpointId, waiting && waiting.map(({ mailbox_id }) => mailbox_id)],
    );
  }
}

const AGAIN = `status = 'pending', parked = true, failures = 0, next_attempt_at = now()`;

const WAITING_CURSORS = `
  SELECT 1 FROM delivery_cursors
  WHERE endpoint_id = $1 AND high_watermark - sequence > 0 AND next_attempt_at > now()
  ORDER BY mailbox_id FOR UPDATE`;

const RETRY_WAITING = `
  UPDATE deliveries delivery SET next_attempt_at = now()
  WHERE delivery.endpoint_id = $1 AND delivery.status = 'pending' AND delivery.next_attempt_at > now()
    AND ($2::float8 IS NULL OR EXISTS (
      SELECT 1 FROM events WHERE events.id = delivery.event_id AND occurred_at >= to_timestamp($2 / 1000)))
  RETURNING mailbox_id`;

const RETRY_DEAD = `
  UPDATE deliveries delivery SET ${AGAIN}
  FROM endpoints, events
  WHERE delivery.endpoint_id = $1 AND delivery.status = 'dead'
    AND endpoints.id = $1 AND events.id = delivery.event_id
    AND (events.mailbox_id IS NULL OR ${includes('events.mailbox_id')}) AND ${subscribes('events.type')}
    AND NOT EXISTS (SELECT 1 FROM delivery_cursors cursor
      WHERE cursor.endpoint_id = $1 AND cursor.mailbox_id = events.mailbox_id
        AND cursor.sequence < events.sequence)
    AND ($2::float8 IS NULL OR occurred_at >= to_timestamp($2 / 1000))
  RETURNING 1`;
