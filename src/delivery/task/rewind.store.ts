import { Injectable } from '@nestjs/common';
import { RowColumns } from '../../database/row-columns';
import { sql, type SqlExecutor } from '../../database/sql';
import { OperationalEventStore } from '../queue/operational-event.store';
import { isAfter, replayParameters } from '../queue/replay-point';
import { afterBatch, BATCH_SIZE, type BatchResult, type EndpointTask } from './endpoint-task';

/** Where the cursor of a mailbox goes back to. */
interface Target {
  mailbox_id: string;
  last_sequence: string;
  sequence: string;
}

/** Puts an endpoint's delivery cursors back, for a replay. */
@Injectable()
export class RewindStore {
  constructor(private readonly operationalEvents: OperationalEventStore) {}

  /**
   * Each mailbox's cursor goes back to the last event that is not after the point, and never forward; a mailbox without
   * one gets one. What the endpoint had apart from them, parked or waiting, is the cursor's again, so that the order is
   * kept. An attempt under way ends as it may: when it is settled its cursor is not where it was, and stays where it has
   * been put.
   */
  async rewind(on: SqlExecutor, task: EndpointTask): Promise<BatchResult> {
    const targets = await this.targets(on, task);
    const older = targets.filter(({ sequence, last_sequence }) => BigInt(sequence) < BigInt(last_sequence));
    await sql(on, REWIND, [task.endpointId, ...TARGETS.parameters(older)]);
    return afterBatch(targets.map(({ mailbox_id }) => mailbox_id));
  }

  /** Events of no mailbox, which no cursor passes. */
  async replayOperational(
    on: SqlExecutor,
    { endpointId, replay, position }: EndpointTask,
  ): Promise<BatchResult> {
    return afterBatch(await this.operationalEvents.replay(on, endpointId, replay!, position, BATCH_SIZE));
  }

  /** Read without a lock: how far back the point lies may take a while to find, and nobody waits for that. */
  private targets(on: SqlExecutor, { mailboxIds, position, replay }: EndpointTask): Promise<Target[]> {
    const all = 'SELECT mailbox_id, last_sequence FROM mailbox_sequences WHERE mailbox_id > $1';
    const some = `SELECT mailbox_id, last_sequence FROM unnest($6::text[]) AS replayed (mailbox_id)
      JOIN mailbox_sequences USING (mailbox_id) WHERE mailbox_id > $1`;
    return sql<Target>(
      on,
      `SELECT mailbox_id, last_sequence, ${LAST_BEFORE_POINT} AS sequence FROM (
         ${mailboxIds.length > 0 ? some : all} ORDER BY mailbox_id LIMIT $5) mailbox
       ORDER BY mailbox_id`,
      [
        position ?? '',
        ...replayParameters(replay!),
        BATCH_SIZE,
        ...(mailboxIds.length > 0 ? [mailboxIds] : []),
      ],
    );
  }
}

/** The whole log of a mailbox is replayed more often than not: seen by its first event, it is not read. */
const LAST_BEFORE_POINT = `
  CASE WHEN (SELECT ${isAfter('events')} FROM events WHERE events.mailbox_id = mailbox.mailbox_id ORDER BY sequence LIMIT 1) THEN 0
  ELSE coalesce((SELECT sequence FROM events WHERE events.mailbox_id = mailbox.mailbox_id AND NOT ${isAfter('events')}
    ORDER BY sequence DESC LIMIT 1), 0) END`;

const TARGETS = new RowColumns<Target>({
  mailbox_id: ['text', ({ mailbox_id }) => mailbox_id],
  last_sequence: ['bigint', ({ last_sequence }) => last_sequence],
  sequence: ['bigint', ({ sequence }) => sequence],
});

/** While appends may be under way that have not seen the subscription, a new cursor does not begin behind theirs. */
const REWIND = `
  WITH moved AS (
    INSERT INTO delivery_cursors AS cursor (endpoint_id, mailbox_id, epoch, sequence, high_watermark, replayed_sequence)
    SELECT endpoints.id, target.mailbox_id, epoch,
      least(target.sequence, delivery_cursor_start(target.mailbox_id, last_sequence + 1, subscribed_from)),
      last_sequence, last_sequence
    FROM ${TARGETS.relation('target', 2)} JOIN endpoints ON endpoints.id = $1
    ORDER BY target.mailbox_id
    ON CONFLICT (endpoint_id, mailbox_id) DO UPDATE SET
      epoch = excluded.epoch, sequence = excluded.sequence, attempts = 0, attempt_started_at = NULL, next_attempt_at = now(),
      retry_requested = false,
      high_watermark = greatest(cursor.high_watermark, excluded.high_watermark),
      replayed_sequence = CASE WHEN cursor.epoch < excluded.epoch THEN excluded.replayed_sequence
        ELSE greatest(cursor.replayed_sequence, cursor.sequence) END
    WHERE cursor.epoch < excluded.epoch OR cursor.sequence > excluded.sequence
    RETURNING mailbox_id, sequence)
  UPDATE deliveries SET parked = false, failures = 0, next_attempt_at = NULL
  FROM moved
  WHERE deliveries.endpoint_id = $1 AND deliveries.mailbox_id = moved.mailbox_id
    AND deliveries.sequence > moved.sequence AND deliveries.status = 'pending'`;
