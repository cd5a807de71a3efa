import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { sql } from '../../database/sql';
import { EventLogService } from '../../event/log/event-log.service';
import type { DeliveryTarget } from '../endpoint/delivery-target';
import { OperationalEventStore } from './operational-event.store';

/** Since when endpoints fail, and what follows when that has been long enough. */
@Injectable()
export class EndpointHealthStore {
  constructor(
    private readonly dataSource: DataSource,
    private readonly log: EventLogService,
    private readonly operationalEvents: OperationalEventStore,
  ) {}

  async markFailing(endpointId: string): Promise<void> {
    await sql(
      this.dataSource,
      'UPDATE endpoints SET failing_since = now() WHERE id = $1 AND failing_since IS NULL',
      [endpointId],
    );
  }

  async markWell(endpointId: string): Promise<void> {
    await sql(
      this.dataSource,
      'UPDATE endpoints SET failing_since = NULL WHERE id = $1 AND failing_since IS NOT NULL',
      [endpointId],
    );
  }

  /** How many deliveries were begun since the endpoint fails, and are dead. */
  async deadWhileFailing(endpointId: string): Promise<number> {
    const [row] = await sql<{ dead: number }>(
      this.dataSource,
      `SELECT count(*)::int AS dead FROM deliveries JOIN endpoints ON endpoints.id = endpoint_id
       WHERE endpoint_id = $1 AND deliveries.status = 'dead' AND deliveries.created_at >= failing_since`,
      [endpointId],
    );
    return row?.dead ?? 0;
  }

  /**
   * Stops deliveries and appends `endpoint.disabled` to the log, both or neither; once, however many attempts find out at the same time.
   * An endpoint that was changed since it was asked is left alone.
   */
  async disable(
    { endpointId, revision }: DeliveryTarget,
    reason: 'gone' | 'failing',
    disabledReason: string,
  ): Promise<void> {
    await this.dataSource.transaction(async (manager) => {
      const [row] = await sql<{ failing_since: Date | null }>(
        manager,
        `UPDATE endpoints SET status = 'disabled', disabled_reason = $3, revision = revision + 1
         WHERE id = $1 AND revision = $2 AND status = 'enabled' RETURNING failing_since`,
        [endpointId, revision, disabledReason],
      );
      if (!row) return;
      const failingSince = row.failing_since?.toISOString() ?? null;
      const data = { endpointId, reason, disabledReason, failingSince };
      const eventId = await this.log.appendWithoutMailbox(manager, { type: 'endpoint.disabled', data });
      await this.operationalEvents.deliver(manager, eventId, endpointId);
    });
  }
}
