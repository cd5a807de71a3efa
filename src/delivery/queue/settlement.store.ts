import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { CLAIM_SECONDS, REPLICA } from '../../background/replica';
import { ROW_LOCKED, RowBatcher, type RowOutcome } from '../../background/row-batcher';
import { prepared } from '../../database/prepared';
import { RowColumns } from '../../database/row-columns';
import { sql } from '../../database/sql';
import { wellFormedJson } from '../../common/well-formed-json';
import type { Attempt, DeliveryStatus } from '../attempt/delivery.types';
import { storeAttempt } from '../attempt/stored-attempt';
import { SETTLING, whenUnlocked } from './settling';
import { writeWhenPossible } from './write-when-possible';

/** What has become of a claimed cursor. */
export interface Settlement {
  endpointId: string;
  mailboxId: string;
  /** The revision of the endpoint that was worked from. */
  revision: number;
  /** Where the cursor stood when it was worked from. Moved by somebody else meanwhile, it stays where it is. */
  from: bigint;
  /** Where it stands now: the last event handed over. */
  sequence: bigint;
  /** How many attempts of the event after that have failed. */
  attempts: number;
  /** Milliseconds until its next attempt. */
  wait: number;
  /** Keep the claim and begin the next attempt. */
  goOn: boolean;
  delivery: DeliveryRecord | undefined;
}

/** The row in `deliveries` of an event that was attempted. */
export interface DeliveryRecord {
  eventId: string;
  eventType: string;
  sequence: number;
  status: DeliveryStatus;
  /** The attempt that was made. */
  attempt: Attempt;
  /** How many have failed since the event became due, this one included. */
  failures: number;
  /** The cursor has gone on without it, and the row itself is claimed for the next attempt. */
  parked: boolean;
  /** Milliseconds until the next attempt, when it is pending. */
  wait: number;
}

/** What follows. */
export interface SettledCursor {
  /** The next attempt has begun; otherwise the claim is given back, or was lost before. */
  goesOn: boolean;
  /** Milliseconds until the cursor is due again; `Infinity` when nothing is left to deliver. */
  dueIn: number;
}

/** Commits what attempts have come to: many cursors share one commit, and the next one takes what gathers meanwhile. */
@Injectable()
export class SettlementStore {
  private readonly batcher = new RowBatcher<Settlement, SettledCursor>(
    (items) => writeWhenPossible(() => this.write(items)),
    SETTLING,
  );

  constructor(private readonly dataSource: DataSource) {}

  /** @throws DeliveryLockedError when another session holds the cursor, or the delivery, for too long */
  async settle(settlement: Settlement): Promise<SettledCursor> {
    return whenUnlocked(await this.batcher.add(settlement));
  }

  /** How many attempts have failed of an event that waits for its next one. */
  async failures(endpointId: string, eventId: string): Promise<number> {
    const [row] = await sql<{ failures: number }>(
      this.dataSource,
      `SELECT failures FROM deliveries WHERE endpoint_id = $1 AND event_id = $2 AND status = 'pending'`,
      [endpointId, eventId],
    );
    return row?.failures ?? 0;
  }

  private async write(items: Settlement[]): Promise<RowOutcome<SettledCursor>[]> {
    const rows = await sql<SettledRow>(this.dataSource, SETTLE, [REPLICA, ...OUTCOMES.parameters(items)]);
    const settled = new Map(rows.map((row) => [`${row.endpoint_id} ${row.mailbox_id}`, row]));
    return items.map(({ endpointId, mailboxId }) => {
      const row = settled.get(`${endpointId} ${mailboxId}`);
      // The claim was lost: whoever holds it now does the rest.
      if (!row) return { goesOn: false, dueIn: 0 };
      return row.goes_on === null ? ROW_LOCKED : { goesOn: row.goes_on, dueIn: row.due_in ?? Infinity };
    });
  }
}

/** A cursor that is settled, or locked (both are null). */
interface SettledRow {
  endpoint_id: string;
  mailbox_id: string;
  goes_on: boolean | null;
  /** Null: nothing is left to deliver. */
  due_in: number | null;
}

const OUTCOMES = new RowColumns<Settlement>({
  endpoint_id: ['text', ({ endpointId }) => endpointId],
  mailbox_id: ['text', ({ mailboxId }) => mailboxId],
  revision: ['int', ({ revision }) => revision],
  from_sequence: ['bigint', ({ from }) => from.toString()],
  to_sequence: ['bigint', ({ sequence }) => sequence.toString()],
  failed_attempts: ['int', ({ attempts }) => attempts],
  wait: ['float8', ({ wait }) => wait],
  go_on: ['boolean', ({ goOn }) => goOn],
  // What was attempted, if anything.
  event_id: ['text', ({ delivery }) => delivery?.eventId],
  event_type: ['text', ({ delivery }) => delivery?.eventType],
  event_sequence: ['bigint', ({ delivery }) => delivery?.sequence],
  event_status: ['text', ({ delivery }) => delivery?.status],
  event_attempts: ['jsonb', ({ delivery }) => delivery && wellFormedJson([storeAttempt(delivery.attempt)])],
  event_failures: ['int', ({ delivery }) => delivery?.failures],
  event_parked: ['boolean', ({ delivery }) => delivery?.parked],
  event_wait: ['float8', ({ delivery }) => delivery?.wait],
});

/**
 * It waits for no row: one that another session holds, the cursor or the delivery of an earlier attempt, delays its own
 * cursor only. A claim that was lost settles nothing: whoever holds it now has counted the attempt as failed. A cursor
 * that was moved meanwhile stays where it was put, and the attempt is on record nevertheless. So does one of a mailbox
 * that the endpoint has ceased to include (its epoch is over): that attempt was the last one. A failure that is written
 * again because its first commit was not answered, or late, changes nothing of a delivery that was settled since. A cursor
 * can be ahead of the endpoint: it is as it was when it was locked, the endpoint as this statement sees it, and a change may
 * have committed in between.
 *
 * When a retry was requested during an attempt that has failed, the next one is due at once. Was it the last one, the
 * delivery gets all its attempts anew, as a dead one does.
 *
 * Gives a row for each cursor that is settled or locked.
 */
const SETTLE = prepared(`
  WITH outcome AS MATERIALIZED (SELECT * FROM ${OUTCOMES.relation('outcome', 2)}),
  unlocked AS MATERIALIZED (
    SELECT endpoint_id, event_id, status = 'delivered' OR parked AS is_settled FROM outcome CROSS JOIN LATERAL (
      SELECT status, parked FROM deliveries
      WHERE deliveries.endpoint_id = outcome.endpoint_id AND deliveries.event_id = outcome.event_id
      FOR NO KEY UPDATE SKIP LOCKED) delivery),
  locked AS MATERIALIZED (
    SELECT endpoint_id, event_id FROM outcome WHERE (endpoint_id, event_id) NOT IN (SELECT endpoint_id, event_id FROM unlocked) AND (
      SELECT true FROM deliveries
      WHERE deliveries.endpoint_id = outcome.endpoint_id AND deliveries.event_id = outcome.event_id)),
  held AS MATERIALIZED (
    SELECT outcome.*, endpoints.event_types, endpoints.filter, included, included AND is_there AS unmoved,
      go_on AND is_there AND endpoints.status = 'enabled' AND endpoints.revision = outcome.revision AS goes_on,
      cursor.retry_requested AND event_status <> 'delivered' AND included AND is_there AS retry_now
    FROM outcome CROSS JOIN LATERAL (
      SELECT epoch, sequence, retry_requested FROM delivery_cursors cursor
      WHERE cursor.endpoint_id = outcome.endpoint_id AND cursor.mailbox_id = outcome.mailbox_id AND claimed_by = $1
      FOR NO KEY UPDATE SKIP LOCKED) cursor
    JOIN endpoints ON endpoints.id = outcome.endpoint_id
    CROSS JOIN LATERAL (
      SELECT cursor.epoch >= endpoints.epoch AS included, cursor.sequence = from_sequence AS is_there) found
    WHERE event_id IS NULL OR (outcome.endpoint_id, event_id) NOT IN (TABLE locked)),
  settled AS (
    UPDATE delivery_cursors cursor SET
      sequence = CASE WHEN unmoved THEN to_sequence ELSE cursor.sequence END,
      attempts = CASE WHEN unmoved THEN failed_attempts ELSE 0 END,
      next_attempt_at = CASE WHEN retry_now THEN now() WHEN unmoved THEN now() + wait * interval '1 ms'
        ELSE cursor.next_attempt_at END,
      retry_requested = false,
      attempt_started_at = CASE WHEN goes_on THEN clock_timestamp() END,
      claimed_by = CASE WHEN goes_on THEN claimed_by END,
      claimed_until = CASE WHEN goes_on THEN now() + interval '${CLAIM_SECONDS} s' END
    FROM held WHERE cursor.endpoint_id = held.endpoint_id AND cursor.mailbox_id = held.mailbox_id
    RETURNING held.*, cursor.sequence AS stands_at,
      CASE WHEN cursor.high_watermark > cursor.sequence
        THEN extract(epoch FROM greatest(cursor.next_attempt_at - now(), interval '0'))::float8 * 1000 END AS due_in),
  recorded AS (
    INSERT INTO deliveries (endpoint_id, mailbox_id, event_id, event_type, sequence, status, attempts, failures, parked, next_attempt_at)
    SELECT endpoint_id, mailbox_id, event_id, event_type, event_sequence, became, event_attempts,
      CASE WHEN unmoved AND NOT anew THEN event_failures ELSE 0 END, event_parked AND unmoved OR anew,
      CASE WHEN became = 'pending' AND retry_now THEN now()
        WHEN became = 'pending' AND unmoved THEN now() + event_wait * interval '1 ms' END
    FROM settled
    CROSS JOIN LATERAL (SELECT CASE
      WHEN event_status <> 'pending' AND NOT retry_now THEN event_status
      -- Meanwhile the endpoint has changed: the event no longer passes its subscription filter.
      WHEN unmoved AND NOT event_parked AND cardinality(event_types) > 0 AND event_type <> ALL (event_types) THEN 'dead'
      WHEN unmoved AND NOT event_parked AND filter IS NOT NULL AND NOT event_id_passes(event_id, filter) THEN 'dead'
      WHEN NOT included OR (NOT unmoved AND event_sequence <= stands_at) THEN 'dead'
      ELSE 'pending' END AS became) fate
    CROSS JOIN LATERAL (SELECT event_status = 'dead' AND became = 'pending' AS anew) chance
    WHERE event_id IS NOT NULL AND NOT (event_status <> 'delivered' AND included AND NOT unmoved AND event_sequence <= stands_at
      AND coalesce((SELECT is_settled FROM unlocked WHERE unlocked.endpoint_id = settled.endpoint_id AND unlocked.event_id = settled.event_id), false))
    ON CONFLICT (endpoint_id, event_id) DO UPDATE SET status = excluded.status, failures = excluded.failures,
      attempts = CASE WHEN deliveries.attempts @> excluded.attempts THEN deliveries.attempts
        ELSE deliveries.attempts || excluded.attempts END,
      parked = excluded.parked, next_attempt_at = excluded.next_attempt_at,
      claimed_by = NULL, claimed_until = NULL, attempt_started_at = NULL)
  SELECT endpoint_id, mailbox_id, goes_on, due_in FROM settled
  UNION ALL
  SELECT endpoint_id, mailbox_id, NULL, NULL FROM outcome
  WHERE (endpoint_id, mailbox_id) NOT IN (SELECT endpoint_id, mailbox_id FROM settled) AND (
    SELECT true FROM delivery_cursors cursor JOIN endpoints ON endpoints.id = cursor.endpoint_id
    WHERE cursor.endpoint_id = outcome.endpoint_id AND cursor.mailbox_id = outcome.mailbox_id AND cursor.claimed_by = $1)`);
