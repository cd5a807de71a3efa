import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { sql, type SqlExecutor } from '../../database/sql';
import type { Appended } from '../../event/event.types';
import { includes } from '../endpoint/subscription-filter';

/** How long ago an endpoint may have changed for an append that had not seen the change to be still committing. */
const RECENT_CHANGE = `interval '10 minutes'`;

/**
 * Keeps the delivery cursors in step with the log and with the endpoints' subscription filters. Cursors are locked in the order
 * (mailbox, endpoint) everywhere, so that appends, settlements and changes of endpoints never deadlock.
 *
 * There is a cursor for every mailbox with events that an endpoint includes, from the moment of inclusion on. A missing
 * one hence belongs to a mailbox without events by then, and begins at 0.
 */
@Injectable()
export class CursorMaintenanceStore {
  constructor(private readonly dataSource: DataSource) {}

  /** Within the transaction that appends: raises the high watermark of each endpoint that subscribes to the events. */
  async appended(on: SqlExecutor, { mailboxId, lastSequence, types }: Appended): Promise<void> {
    await sql(
      on,
      `WITH subscribed AS (
         SELECT id FROM endpoints
         WHERE ${includes('$1')} AND (cardinality(event_types) = 0 OR event_types && $3::text[])),
       held AS (
         SELECT endpoint_id FROM delivery_cursors
         WHERE mailbox_id = $1 AND endpoint_id IN (SELECT id FROM subscribed)
         ORDER BY endpoint_id FOR UPDATE),
       raised AS (
         UPDATE delivery_cursors SET high_watermark = greatest(high_watermark, $2)
         FROM held WHERE mailbox_id = $1 AND delivery_cursors.endpoint_id = held.endpoint_id),
       missing AS (
         -- Locked, or deleting the endpoint at this moment would break the foreign key and with it the append.
         SELECT id FROM endpoints
         WHERE id IN (SELECT id FROM subscribed) AND id NOT IN (SELECT endpoint_id FROM held)
         ORDER BY id FOR KEY SHARE)
       INSERT INTO delivery_cursors (endpoint_id, mailbox_id, sequence, high_watermark)
       SELECT id, $1, 0, $2 FROM missing
       ON CONFLICT (endpoint_id, mailbox_id)
         DO UPDATE SET high_watermark = greatest(delivery_cursors.high_watermark, excluded.high_watermark)`,
      [mailboxId, lastSequence.toString(), [...types]],
    );
  }

  /**
   * The endpoint includes other mailboxes now: cursors of those that it did not include so far begin at the end of the
   * log, and those that it no longer includes are done.
   *
   * @param before the mailboxes included so far: empty for all, undefined for an endpoint that is being created
   */
  async include(
    on: SqlExecutor,
    endpointId: string,
    before: readonly string[] | undefined,
    after: readonly string[],
  ): Promise<void> {
    await this.lockAll(on, endpointId);
    await sql(
      on,
      `UPDATE delivery_cursors SET ${AT_THE_END('high_watermark')}
       WHERE endpoint_id = $1 AND cardinality($2::text[]) > 0 AND mailbox_id <> ALL ($2)`,
      [endpointId, after],
    );
    await sql(
      on,
      `INSERT INTO delivery_cursors (endpoint_id, mailbox_id, sequence, high_watermark)
       SELECT $1, mailbox_id, last_sequence, last_sequence FROM mailbox_sequences
       WHERE (cardinality($3::text[]) = 0 OR mailbox_id = ANY ($3))
         AND ($2::text[] IS NULL OR (cardinality($2) > 0 AND mailbox_id <> ALL ($2)))
       ORDER BY mailbox_id
       ON CONFLICT (endpoint_id, mailbox_id) DO UPDATE SET ${AT_THE_END('excluded.sequence')}`,
      [endpointId, before ?? null, after],
    );
    await dropOutdated(on, endpointId);
  }

  /**
   * The endpoint filters other types now. Cursors with nothing left to deliver go to the end of the log: they had stopped
   * at the last event that passed the old filter, and would deliver old events of the new types. A failing event that
   * does not pass the new filter has had its last attempt.
   */
  async filterTypes(on: SqlExecutor, endpointId: string, types: readonly string[]): Promise<void> {
    await this.lockAll(on, endpointId);
    await sql(
      on,
      `UPDATE delivery_cursors SET sequence = last_sequence, high_watermark = last_sequence
       FROM mailbox_sequences
       WHERE endpoint_id = $1 AND mailbox_sequences.mailbox_id = delivery_cursors.mailbox_id
         AND high_watermark <= sequence AND sequence < last_sequence`,
      [endpointId],
    );
    await sql(
      on,
      `WITH dropped AS (
         UPDATE deliveries SET status = 'dead', next_attempt_at = NULL
         WHERE endpoint_id = $1 AND status = 'pending' AND NOT parked
           AND cardinality($2::text[]) > 0 AND event_type <> ALL ($2)
         RETURNING mailbox_id)
       UPDATE delivery_cursors SET attempts = 0, next_attempt_at = now()
       WHERE endpoint_id = $1 AND mailbox_id IN (SELECT mailbox_id FROM dropped)`,
      [endpointId, types],
    );
    await this.wakeReplicas(on);
  }

  /** What waits for its next attempt is due at once: the endpoint was repaired. */
  async retryNow(on: SqlExecutor, endpointId: string): Promise<void> {
    await this.lockAll(on, endpointId);
    await sql(
      on,
      `UPDATE delivery_cursors SET next_attempt_at = now() WHERE endpoint_id = $1 AND next_attempt_at > now()`,
      [endpointId],
    );
    await sql(
      on,
      `UPDATE deliveries SET next_attempt_at = now()
       WHERE endpoint_id = $1 AND status = 'pending' AND next_attempt_at > now()`,
      [endpointId],
    );
    await this.wakeReplicas(on);
  }

  /** Locks the endpoint's cursors in the common order, before they are changed or deleted together. */
  async lockAll(on: SqlExecutor, endpointId: string): Promise<void> {
    await sql(on, `SELECT 1 FROM delivery_cursors WHERE endpoint_id = $1 ORDER BY mailbox_id FOR UPDATE`, [
      endpointId,
    ]);
  }

  /** There is something to deliver. Takes effect with the commit. */
  async wakeReplicas(on: SqlExecutor): Promise<void> {
    await sql(on, 'SELECT pg_notify($1, $2)', ['inboxwire_events', '']);
  }

  /** Catches up on appends that were under way when an endpoint was created or changed, and had not seen that. */
  async sweep(): Promise<void> {
    const rows = await sql(
      this.dataSource,
      `INSERT INTO delivery_cursors (endpoint_id, mailbox_id, sequence, high_watermark)
       SELECT id, mailbox_sequences.mailbox_id, 0, last_sequence
       FROM endpoints
       JOIN mailbox_sequences ON ${includes('mailbox_sequences.mailbox_id')}
       LEFT JOIN delivery_cursors ON delivery_cursors.endpoint_id = id
         AND delivery_cursors.mailbox_id = mailbox_sequences.mailbox_id
       WHERE changed_at > now() - ${RECENT_CHANGE}
         AND (high_watermark IS NULL OR high_watermark < last_sequence)
       ORDER BY mailbox_sequences.mailbox_id, id
       ON CONFLICT (endpoint_id, mailbox_id)
         DO UPDATE SET high_watermark = greatest(delivery_cursors.high_watermark, excluded.high_watermark)
       RETURNING 1`,
    );
    if (rows.length > 0) await this.wakeReplicas(this.dataSource);
  }
}

const AT_THE_END = (end: string) =>
  `sequence = greatest(delivery_cursors.sequence, ${end}),
   high_watermark = greatest(delivery_cursors.high_watermark, ${end}), attempts = 0, attempt_started_at = NULL`;

/** A delivery that was waiting for its next attempt, and that the cursor has been moved past, will have no other. */
async function dropOutdated(on: SqlExecutor, endpointId: string): Promise<void> {
  await sql(
    on,
    `UPDATE deliveries SET status = 'dead', next_attempt_at = NULL
     FROM delivery_cursors cursor
     WHERE deliveries.endpoint_id = $1 AND status = 'pending' AND NOT parked
       AND cursor.endpoint_id = $1 AND cursor.mailbox_id = deliveries.mailbox_id
       AND deliveries.sequence <= cursor.sequence`,
    [endpointId],
  );
}
