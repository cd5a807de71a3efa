import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { ROW_LOCKED, RowBatcher, type RowOutcome } from '../../background/row-batcher';
import { sql } from '../../database/sql';
import { EventLogService } from '../../event/log/event-log.service';
import type { DeliveryTarget } from '../endpoint/delivery-target';
import { OperationalEventStore } from './operational-event.store';

/** Successes share commits. An endpoint that is held for longer than a change of it takes is left as it is. */
const MARKING = { lanes: 1, maxItems: 1_000, maxLockWaitMs: 1_000 };

/** In SQL, for a FROM: the endpoints for which this holds, but for those that another session holds. */
const unlocked = (condition: string) =>
  `(SELECT id FROM endpoints WHERE ${condition} FOR NO KEY UPDATE SKIP LOCKED) unlocked`;

/** Since when endpoints fail, and what follows when that has been long enough. */
@Injectable()
export class EndpointHealthStore {
  private readonly wells = new RowBatcher<string, void>((ids) => this.writeWell(ids), MARKING);

  constructor(
    private readonly dataSource: DataSource,
    private readonly log: EventLogService,
    private readonly operationalEvents: OperationalEventStore,
  ) {}

  /** It waits for nobody: the next failure says the same. */
  async markFailing(endpointId: string): Promise<void> {
    await sql(
      this.dataSource,
      `UPDATE endpoints SET failing_since = now() FROM ${unlocked('id = $1 AND failing_since IS NULL')}
       WHERE endpoints.id = unlocked.id`,
      [endpointId],
    );
  }

  /** @returns whether it is on record: false when another session holds the endpoint for long */
  async markWell(endpointId: string): Promise<boolean> {
    return (await this.wells.add(endpointId)) !== ROW_LOCKED;
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
   * An endpoint that was changed since it was asked, or that another session holds, is left alone: the next attempt says the same.
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
         FROM ${unlocked("id = $1 AND revision = $2 AND status = 'enabled'")}
         WHERE endpoints.id = unlocked.id RETURNING failing_since`,
        [endpointId, revision, disabledReason],
      );
      if (!row) return;
      const failingSince = row.failing_since?.toISOString() ?? null;
      const data = { endpointId, reason, disabledReason, failingSince };
      const eventId = await this.log.appendWithoutMailbox(manager, { type: 'endpoint.disabled', data });
      await this.operationalEvents.deliver(manager, eventId, endpointId);
    });
  }

  private async writeWell(endpointIds: string[]): Promise<RowOutcome<void>[]> {
    const rows = await sql<{ id: string }>(
      this.dataSource,
      `WITH unlocked AS MATERIALIZED (SELECT id FROM ${unlocked('id = ANY ($1) AND failing_since IS NOT NULL')}),
       well AS (UPDATE endpoints SET failing_since = NULL FROM unlocked WHERE endpoints.id = unlocked.id)
       SELECT id FROM endpoints
       WHERE id = ANY ($1) AND failing_since IS NOT NULL AND id NOT IN (SELECT id FROM unlocked)`,
      [endpointIds],
    );
    const locked = new Set(rows.map(({ id }) => id));
    return endpointIds.map((id) => (locked.has(id) ? ROW_LOCKED : undefined));
  }
}
