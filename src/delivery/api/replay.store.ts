import { Injectable } from '@nestjs/common';
import { sql, type SqlExecutor } from '../../database/sql';
import { CursorMaintenanceStore } from '../queue/cursor-maintenance.store';
import { OperationalEventStore } from '../queue/operational-event.store';
import { includes } from '../endpoint/subscription-filter';
import { isAfter, type ReplayPoint, replayParameters } from '../queue/replay-point';

/** Puts an endpoint's delivery cursors back. */
@Injectable()
export class ReplayStore {
  constructor(
    private readonly cursors: CursorMaintenanceStore,
    private readonly operationalEvents: OperationalEventStore,
  ) {}

  /**
   * Each mailbox's cursor goes back to the last event that is not after the point, and never forward. What the endpoint
   * had apart from them, parked or waiting, is the cursor's again, so that the order is kept. An attempt
   * under way ends as it may: when it is settled its cursor is not where it was, and stays where it has been put.
   */
  async rewind(on: SqlExecutor, endpointId: string, point: ReplayPoint): Promise<void> {
    await this.cursors.lockAll(on, endpointId);
    await sql(
      on,
      `WITH target AS (
         SELECT cursor.mailbox_id, last_sequence, coalesce((
           SELECT sequence FROM events
           WHERE events.mailbox_id = cursor.mailbox_id AND NOT ${isAfter('events')}
           ORDER BY sequence DESC LIMIT 1), 0) AS sequence
         FROM delivery_cursors cursor
         JOIN mailbox_sequences USING (mailbox_id)
         JOIN endpoints ON endpoints.id = cursor.endpoint_id
         WHERE cursor.endpoint_id = $1 AND ${includes('cursor.mailbox_id')}),
       moved AS (
         UPDATE delivery_cursors cursor SET sequence = target.sequence, attempts = 0, attempt_started_at = NULL,
           high_watermark = greatest(high_watermark, last_sequence), next_attempt_at = now(),
           replayed_sequence = greatest(replayed_sequence, cursor.sequence)
         FROM target
         WHERE cursor.endpoint_id = $1 AND cursor.mailbox_id = target.mailbox_id AND cursor.sequence > target.sequence
         RETURNING cursor.mailbox_id, cursor.sequence)
       UPDATE deliveries SET parked = false, failures = 0, next_attempt_at = NULL
       FROM moved
       WHERE deliveries.endpoint_id = $1 AND deliveries.mailbox_id = moved.mailbox_id
         AND deliveries.sequence > moved.sequence AND deliveries.status = 'pending'`,
      [endpointId, ...replayParameters(point)],
    );
    await this.operationalEvents.replay(on, endpointId, point);
    await this.cursors.wakeReplicas(on);
  }
}
