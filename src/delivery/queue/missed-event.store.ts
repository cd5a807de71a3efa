import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { newId } from '../../common/id';
import { EventSettings } from '../../config/settings';
import { prepared } from '../../database/prepared';
import { sql, type SqlExecutor } from '../../database/sql';
import type { InboxwireEvent, LeftEvent } from '../../event/event.types';
import { subscribes } from '../endpoint/subscription-filter';

interface MissedRow {
  endpoint_id: string;
  mailbox_id: string;
  email_address: string | null;
  external_id: string | null;
  count: string;
  from_sequence: string;
  to_sequence: string;
}

/** What left the log while an endpoint was away, and the `endpoint.events_missed` that reports it to the endpoint. */
@Injectable()
export class MissedEventStore {
  constructor(
    private readonly dataSource: DataSource,
    private readonly settings: EventSettings,
  ) {}

  /** Within the transaction that takes events out of the log: records which endpoints have still to get them and never will. */
  async left(on: SqlExecutor, events: readonly LeftEvent[]): Promise<void> {
    const inMailboxes = events.filter(({ mailbox }) => mailbox !== null);
    const missed = await sql<MissedRow>(on, MISSED_BY_ENDPOINTS, [
      inMailboxes.map(({ mailbox }) => mailbox!.id),
      inMailboxes.map(({ mailbox }) => mailbox!.emailAddress),
      inMailboxes.map(({ mailbox }) => mailbox!.externalId),
      inMailboxes.map(({ type }) => type),
      inMailboxes.map(({ sequence }) => sequence),
    ]);
    const ids = events.map(({ id }) => id).sort();
    await sql(on, DELIVERIES_LEAVE, [ids]);
    await sql(on, REMAINS_LEAVE, [ids[0], this.settings.retention]);
    if (missed.length === 0) return;
    await sql(
      on,
      `DELETE FROM missed_events USING delivery_cursors cursor
       WHERE cursor.endpoint_id = missed_events.endpoint_id AND cursor.mailbox_id = missed_events.mailbox_id
         AND to_sequence <= cursor.sequence`,
    );
    for (const row of missed) await add(on, row);
  }

  /** The event that reports what was missed after this `sequence`; undefined when nothing was. */
  async unreported(
    endpointId: string,
    mailboxId: string,
    after: bigint,
  ): Promise<InboxwireEvent | undefined> {
    const [row] = await sql<MissedRow & { event_id: string; occurred_at: Date }>(
      this.dataSource,
      prepared(`SELECT * FROM missed_events WHERE endpoint_id = $1 AND mailbox_id = $2 AND to_sequence > $3`),
      [endpointId, mailboxId, after.toString()],
    );
    return row && toEvent(row);
  }
}

/** One event for all that was missed of a mailbox, with one id until it is delivered. */
async function add(on: SqlExecutor, row: MissedRow): Promise<void> {
  await sql(
    on,
    `INSERT INTO missed_events (endpoint_id, mailbox_id, event_id, email_address, external_id,
                                count, from_sequence, to_sequence)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
     ON CONFLICT (endpoint_id, mailbox_id) DO UPDATE SET
       count = missed_events.count + excluded.count,
       to_sequence = greatest(missed_events.to_sequence, excluded.to_sequence)`,
    [
      row.endpoint_id,
      row.mailbox_id,
      newId('evt'),
      row.email_address,
      row.external_id,
      row.count,
      row.from_sequence,
      row.to_sequence,
    ],
  );
}

function toEvent(row: MissedRow & { event_id: string; occurred_at: Date }): InboxwireEvent {
  return {
    id: row.event_id,
    type: 'endpoint.events_missed',
    // In the place of the last one missed, so that the next is the next.
    sequence: Number(row.to_sequence),
    occurredAt: row.occurred_at.toISOString(),
    origin: 'live',
    mailbox: { id: row.mailbox_id, emailAddress: row.email_address, externalId: row.external_id },
    data: {
      reason: 'retention',
      count: Number(row.count),
      fromSequence: Number(row.from_sequence),
      toSequence: Number(row.to_sequence),
    },
  };
}

/** What was settled leaves with its event. What was not stays to be seen for as long again: it was never delivered. */
const DELIVERIES_LEAVE = `
  WITH gone AS (
    SELECT endpoint_id, event_id FROM deliveries
    WHERE endpoint_id IN (SELECT id FROM endpoints) AND event_id = ANY ($1)
  ), given_up AS (
    UPDATE deliveries d SET status = 'dead', next_attempt_at = NULL FROM gone
    WHERE d.endpoint_id = gone.endpoint_id AND d.event_id = gone.event_id AND d.status = 'pending'
  )
  DELETE FROM deliveries d USING gone
  WHERE d.endpoint_id = gone.endpoint_id AND d.event_id = gone.event_id AND d.status <> 'pending'`;

/** Of events that left before ($1), and of those that no log had. Few at a time: as many as leave with their events. */
const REMAINS_LEAVE = `
  DELETE FROM deliveries d USING (
    SELECT old.* FROM endpoints CROSS JOIN LATERAL (
      SELECT endpoint_id, event_id FROM deliveries
      WHERE endpoint_id = endpoints.id AND event_id < $1 AND status <> 'pending'
        AND created_at < now() - $2 * interval '2 ms'
      ORDER BY event_id LIMIT 1000) old
    LIMIT 1000) remains
  WHERE d.endpoint_id = remains.endpoint_id AND d.event_id = remains.event_id AND d.status <> 'pending'`;

const MISSED_BY_ENDPOINTS = `
  SELECT endpoint_id, gone.mailbox_id, max(email_address) AS email_address, max(external_id) AS external_id,
    count(*) AS count, min(gone.sequence) AS from_sequence, max(gone.sequence) AS to_sequence
  FROM unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::bigint[])
    AS gone (mailbox_id, email_address, external_id, type, sequence)
  JOIN delivery_cursors cursor ON cursor.mailbox_id = gone.mailbox_id
    AND gone.sequence > cursor.sequence AND gone.sequence <= cursor.high_watermark
  JOIN endpoints ON endpoints.id = endpoint_id AND endpoints.epoch = cursor.epoch AND ${subscribes('gone.type')}
  GROUP BY endpoint_id, gone.mailbox_id`;
