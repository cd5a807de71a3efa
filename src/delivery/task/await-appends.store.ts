import { Injectable } from '@nestjs/common';
import { sql, type SqlExecutor } from '../../database/sql';
import { CursorMaintenanceStore } from '../queue/cursor-maintenance.store';
import type { BatchResult, EndpointTask } from './endpoint-task';

/** How long until it is looked again whether the last append has ended that has not seen a change. */
const POLL_INTERVAL_MS = 250;

/**
 * Catches up on appends that were under way when an endpoint was created, changed or deleted and had not seen that, until
 * the last of them has ended. It reads their events and no others, whatever the number of mailboxes.
 */
@Injectable()
export class AwaitAppendsStore {
  constructor(private readonly cursors: CursorMaintenanceStore) {}

  async awaitAppends(on: SqlExecutor, task: EndpointTask): Promise<BatchResult> {
    const unseenBefore = task.unseenBefore ?? (await this.begin(on, task));
    // Asked first: what has ended by then is found afterwards.
    const haveEnded = await this.haveEnded(on, unseenBefore);
    if (task.subscribedFrom !== null && (await this.isInForce(on, task)))
      await this.cursors.catchUp(on, task.endpointId, unseenBefore);
    return haveEnded && (await this.release(on, task)) ? 'done' : { wait: POLL_INTERVAL_MS };
  }

  /** The change is committed: whoever begins to write from now on has seen it. */
  private async begin(on: SqlExecutor, { id }: EndpointTask): Promise<string> {
    const [row] = await sql<{ unseen_before: string }>(
      on,
      'UPDATE endpoint_tasks SET unseen_before = event_commit_order() WHERE id = $1 RETURNING unseen_before',
      [id],
    );
    return row!.unseen_before;
  }

  private async haveEnded(on: SqlExecutor, unseenBefore: string): Promise<boolean> {
    const [row] = await sql<{ ended: boolean }>(on, 'SELECT event_commit_horizon() >= $1 AS ended', [
      unseenBefore,
    ]);
    return row!.ended;
  }

  /** A later change has caught up on what was committed before it, and does the rest. */
  private async isInForce(on: SqlExecutor, { endpointId, subscribedFrom }: EndpointTask): Promise<boolean> {
    const rows = await sql(on, 'SELECT 1 FROM endpoints WHERE id = $1 AND subscribed_from = $2', [
      endpointId,
      subscribedFrom,
    ]);
    return rows.length > 0;
  }

  /** From now on cursors begin without a look at the log. @returns false while somebody changes the endpoint just now */
  private async release(on: SqlExecutor, task: EndpointTask): Promise<boolean> {
    await sql(
      on,
      `UPDATE endpoints SET subscribed_from = NULL WHERE id IN (
         SELECT id FROM endpoints WHERE id = $1 AND subscribed_from = $2 FOR NO KEY UPDATE SKIP LOCKED)`,
      [task.endpointId, task.subscribedFrom],
    );
    return task.subscribedFrom === null || !(await this.isInForce(on, task));
  }
}
