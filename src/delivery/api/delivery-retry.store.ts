import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { notifyAtCommit } from '../../database/channel.store';
import { sql } from '../../database/sql';
import type { Delivery, DeliveryKey } from '../attempt/delivery.types';
import { ANEW, CAN_BE_SOONER, RETRY_NOW } from '../task/recovery.store';

/**
 * Tries one delivery again. A dead one gets all its attempts anew: its cursor has gone on, and it is tried for itself. One
 * that waits for its next attempt is due now, and what waits for its turn comes with those before it. While an attempt is
 * under way the request is on record, and the settlement of the attempt reads it.
 */
@Injectable()
export class DeliveryRetryStore {
  constructor(private readonly dataSource: DataSource) {}

  /** @returns whether it was dead */
  async retryDead({ endpointId, eventId }: DeliveryKey): Promise<boolean> {
    const rows = await sql(
      this.dataSource,
      `UPDATE deliveries SET ${ANEW} WHERE endpoint_id = $1 AND event_id = $2 AND status = 'dead' RETURNING 1`,
      [endpointId, eventId],
    );
    return rows.length > 0;
  }

  /** The next attempt of a pending delivery is due now. In an order, that of the first one of its mailbox. */
  async retryPending({ endpointId, eventId, mailboxId }: Delivery): Promise<void> {
    await this.dataSource.transaction(async (manager) => {
      await sql(
        manager,
        `UPDATE delivery_cursors SET ${RETRY_NOW}
         WHERE endpoint_id = $1 AND mailbox_id = $2 AND (next_attempt_at > now()
           OR (attempt_started_at IS NOT NULL AND NOT EXISTS (
             SELECT FROM deliveries WHERE endpoint_id = $1 AND event_id = $3 AND status = 'pending' AND parked)))`,
        [endpointId, mailboxId, eventId],
      );
      await sql(
        manager,
        `UPDATE deliveries delivery SET ${RETRY_NOW}
         WHERE endpoint_id = $1 AND status = 'pending' AND ${CAN_BE_SOONER}
           AND (event_id = $2 OR (mailbox_id = $3 AND NOT parked))`,
        [endpointId, eventId, mailboxId],
      );
      await notifyAtCommit(manager, 'inboxwire_deliveries');
    });
  }
}
