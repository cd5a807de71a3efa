import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { sql, type SqlExecutor } from '../../database/sql';
import type { ReplayPoint } from '../queue/replay-point';
import type { Batch, BatchResult, EndpointTask, NewEndpointTask, Step, StepName } from './endpoint-task';

/** A cursor that somebody holds for longer makes its task wait, and not those who wait for the task. */
const LOCK_TIMEOUT_MS = 1_000;

/** When a batch that failed is tried again. */
const RETRY_WAIT_MS = 1_000;

interface TaskRow {
  id: string;
  endpoint_id: string;
  steps: StepName[];
  position: string | null;
  mailbox_ids: string[];
  replay: ReplayPoint | null;
  since: number | null;
  subscribed_from: string | null;
  unseen_before: string | null;
}

/** The tasks of endpoints: left by requests, in their transactions, and worked off in batches by whichever replica comes first. */
@Injectable()
export class EndpointTaskStore {
  constructor(private readonly dataSource: DataSource) {}

  /** @returns its id */
  async add(on: SqlExecutor, task: NewEndpointTask): Promise<string> {
    const [row] = await sql<{ id: string }>(
      on,
      `INSERT INTO endpoint_tasks (endpoint_id, steps, mailbox_ids, replay, since, subscribed_from)
       VALUES ($1, $2, $3, $4, $5, $6) RETURNING id`,
      [
        task.endpointId,
        task.steps,
        task.mailboxIds ?? [],
        task.replay ? JSON.stringify(task.replay) : null,
        task.since ?? null,
        task.subscribedFrom ?? null,
      ],
    );
    return row!.id;
  }

  /** The endpoint includes no other mailboxes without a break: replays that are under way go on for these alone. */
  async narrowReplays(on: SqlExecutor, endpointId: string, mailboxIds: readonly string[]): Promise<void> {
    await sql(
      on,
      `UPDATE endpoint_tasks SET mailbox_ids = CASE WHEN cardinality(mailbox_ids) = 0 THEN $2
         ELSE ARRAY(SELECT unnest(mailbox_ids) INTERSECT SELECT unnest($2::text[])) END
       WHERE endpoint_id = $1 AND 'rewind' = ANY (steps)`,
      [endpointId, mailboxIds],
    );
    await sql(
      on,
      `DELETE FROM endpoint_tasks WHERE endpoint_id = $1 AND 'rewind' = ANY (steps) AND cardinality(mailbox_ids) = 0`,
      [endpointId],
    );
  }

  async deleteAll(on: SqlExecutor, endpointId: string): Promise<void> {
    await sql(on, 'DELETE FROM endpoint_tasks WHERE endpoint_id = $1', [endpointId]);
  }

  /**
   * Works on one batch of the task that has waited longest. Its row is locked until the commit, so no other replica works
   * on it meanwhile, and when this process dies the next one begins the same batch.
   *
   * @param id of this task and no other
   * @returns what was worked on; undefined when no task is due
   */
  async batch(steps: Record<StepName, Step>, id?: string): Promise<Batch | undefined> {
    let task: EndpointTask | undefined;
    try {
      return await this.dataSource.transaction(async (manager) => {
        task = await take(manager, id);
        const [step] = task?.steps ?? [];
        if (!step) return undefined;
        await sql(manager, `SET LOCAL lock_timeout = ${LOCK_TIMEOUT_MS}`);
        const result = await steps[step](manager, task!);
        await record(manager, task!, result);
        return { step, isStepDone: result === 'done' };
      });
    } catch (error) {
      if (!task) throw error;
      await this.postpone(task);
      return { step: task.steps[0]!, isStepDone: false, error };
    }
  }

  private async postpone({ id }: EndpointTask): Promise<void> {
    await sql(
      this.dataSource,
      `UPDATE endpoint_tasks SET due_at = now() + $2 * interval '1 ms' WHERE id = $1`,
      [id, RETRY_WAIT_MS],
    );
  }
}

async function take(on: SqlExecutor, id: string | undefined): Promise<EndpointTask | undefined> {
  const [row] = await sql<TaskRow>(
    on,
    `SELECT * FROM endpoint_tasks WHERE due_at <= now() AND ($1::bigint IS NULL OR id = $1)
     ORDER BY due_at LIMIT 1 FOR UPDATE SKIP LOCKED`,
    [id ?? null],
  );
  if (!row) return undefined;
  return {
    ...{ id: row.id, endpointId: row.endpoint_id, steps: row.steps, position: row.position },
    ...{ mailboxIds: row.mailbox_ids, replay: row.replay, since: row.since },
    ...{ subscribedFrom: row.subscribed_from, unseenBefore: row.unseen_before },
  };
}

/** Records where the task stands; one that is done leaves. Its turn comes again after those of the others. */
async function record(on: SqlExecutor, { id, steps }: EndpointTask, result: BatchResult): Promise<void> {
  if (result === 'done' && steps.length === 1) {
    await sql(on, 'DELETE FROM endpoint_tasks WHERE id = $1', [id]);
    return;
  }
  const isDone = result === 'done';
  const position = isDone || !('position' in result) ? null : result.position;
  const wait = !isDone && 'wait' in result ? result.wait : 0;
  await sql(
    on,
    `UPDATE endpoint_tasks SET steps = $2, position = coalesce($3, CASE WHEN $4 THEN NULL ELSE position END),
       due_at = clock_timestamp() + $5 * interval '1 ms' WHERE id = $1`,
    [id, isDone ? steps.slice(1) : steps, position, isDone, wait],
  );
}
