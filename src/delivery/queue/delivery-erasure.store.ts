import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { sql } from '../../database/sql';
import { passesFilter, subscribes } from '../endpoint/subscription-filter';

const BATCH = 500;

/** Deliveries with something to cut that one read finds. They are cut in batches. */
const MAX_FOUND = 10_000;

interface DeliveryRow {
  endpoint_id: string;
  event_id: string;
}

/** What is kept of the deliveries of a mailbox, in SQL. Every batch is a transaction of its own. */
@Injectable()
export class DeliveryErasureStore {
  constructor(private readonly dataSource: DataSource) {}

  /** Gives up what waits at one cursor: it is dead, and the cursor behind it. Whoever works on it ends with the attempt under way. */
  giveUpAtCursor(mailboxId: string): Promise<number> {
    return this.count(GIVE_UP_AT_CURSOR, [mailboxId]);
  }

  /** Gives up what waits for itself, except where an attempt is under way. */
  giveUpParked(mailboxId: string): Promise<number> {
    return this.count(GIVE_UP_PARKED, [mailboxId]);
  }

  /** Whether somebody is at a delivery of the mailbox. */
  async isBusy(mailboxId: string): Promise<boolean> {
    const rows = await sql(
      this.dataSource,
      `SELECT 1 FROM delivery_cursors WHERE mailbox_id = $1 AND claimed_until > now()
       UNION ALL
       SELECT 1 FROM endpoints CROSS JOIN LATERAL (
         SELECT FROM deliveries WHERE endpoint_id = endpoints.id AND mailbox_id = $1 AND status = 'pending'
           AND claimed_until > now() LIMIT 1) busy
       LIMIT 1`,
      [mailboxId],
    );
    return rows.length > 0;
  }

  /** Takes what is under way from whoever is at it: a claim that was lost settles nothing. */
  async takeClaims(mailboxId: string): Promise<void> {
    await sql(
      this.dataSource,
      `UPDATE delivery_cursors SET claimed_by = NULL, claimed_until = NULL, attempt_started_at = NULL, attempts = 0,
         retry_requested = false, next_attempt_at = now()
       WHERE mailbox_id = $1 AND (claimed_by IS NOT NULL OR attempt_started_at IS NOT NULL)`,
      [mailboxId],
    );
    await sql(
      this.dataSource,
      `UPDATE deliveries SET claimed_by = NULL, claimed_until = NULL, attempt_started_at = NULL
       FROM endpoints WHERE endpoint_id = endpoints.id AND mailbox_id = $1 AND deliveries.status = 'pending' AND claimed_by IS NOT NULL`,
      [mailboxId],
    );
  }

  /** Those of which attempts say more than when, with which status and how fast: receivers answer what they like. */
  withAnswers(mailboxId: string): Promise<DeliveryRow[]> {
    return sql<DeliveryRow>(
      this.dataSource,
      `SELECT endpoint_id, event_id FROM deliveries
       WHERE mailbox_id = $1 AND jsonb_path_exists(attempts, '$[*][3]') LIMIT ${MAX_FOUND}`,
      [mailboxId],
    );
  }

  async cutAnswers(deliveries: readonly DeliveryRow[]): Promise<void> {
    await sql(this.dataSource, CUT, [
      deliveries.map((row) => row.endpoint_id),
      deliveries.map((row) => row.event_id),
    ]);
  }

  private async count(text: string, parameters: unknown[]): Promise<number> {
    return (await sql(this.dataSource, text, parameters)).length;
  }
}

const GIVE_UP_AT_CURSOR = `
  WITH held AS MATERIALIZED (
    SELECT endpoint_id, delivery_cursors.epoch, sequence, high_watermark FROM delivery_cursors
    JOIN endpoints ON endpoints.id = endpoint_id AND endpoints.epoch = delivery_cursors.epoch
    WHERE mailbox_id = $1 AND high_watermark - sequence > 0
    ORDER BY endpoint_id LIMIT 1 FOR NO KEY UPDATE OF delivery_cursors),
  batch AS MATERIALIZED (
    SELECT event.* FROM held CROSS JOIN LATERAL (
      SELECT * FROM events WHERE mailbox_id = $1 AND events.sequence > held.sequence
        AND events.sequence <= held.high_watermark ORDER BY events.sequence LIMIT ${BATCH}) event),
  given_up AS (
    INSERT INTO deliveries (endpoint_id, mailbox_id, event_id, event_type, sequence, status, attempts)
    SELECT held.endpoint_id, event.mailbox_id, event.id, event.type, event.sequence, 'dead', '[]'
    FROM held JOIN endpoints ON endpoints.id = held.endpoint_id
    CROSS JOIN (SELECT events.* FROM events JOIN batch ON events.id = batch.id) event
    WHERE ${subscribes('event.type')} AND ${passesFilter('event')}
    ON CONFLICT (endpoint_id, event_id) DO UPDATE SET status = 'dead', next_attempt_at = NULL
      WHERE deliveries.status = 'pending' AND NOT deliveries.parked)
  UPDATE delivery_cursors cursor SET attempts = 0, retry_requested = false, next_attempt_at = now(),
    sequence = CASE WHEN (SELECT count(*) FROM batch) = ${BATCH} THEN (SELECT max(sequence) FROM batch)
      ELSE held.high_watermark END
  FROM held WHERE cursor.endpoint_id = held.endpoint_id AND cursor.mailbox_id = $1
  RETURNING 1`;

const GIVE_UP_PARKED = `
  UPDATE deliveries SET status = 'dead', next_attempt_at = NULL, claimed_by = NULL, claimed_until = NULL,
    attempt_started_at = NULL, retry_requested = false
  WHERE (endpoint_id, event_id) IN (
    SELECT waiting.* FROM endpoints CROSS JOIN LATERAL (
      SELECT endpoint_id, event_id FROM deliveries
      WHERE endpoint_id = endpoints.id AND mailbox_id = $1 AND status = 'pending'
        AND (claimed_until IS NULL OR claimed_until < now())
      LIMIT ${BATCH} FOR UPDATE SKIP LOCKED) waiting LIMIT ${BATCH})
  RETURNING 1`;

/** An attempt is kept as a list: when, status, latency, error, response. */
const CUT = `
  UPDATE deliveries SET attempts = coalesce((
    SELECT jsonb_agg(jsonb_path_query_array(attempt, '$[0 to 2]') ORDER BY place)
    FROM jsonb_array_elements(attempts) WITH ORDINALITY AS each (attempt, place)), '[]')
  FROM unnest($1::text[], $2::text[]) AS wanted (endpoint_id, event_id)
  WHERE deliveries.endpoint_id = wanted.endpoint_id AND deliveries.event_id = wanted.event_id`;
