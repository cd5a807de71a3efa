import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { CLAIM_SECONDS, REPLICA } from '../../background/replica';
import { ROW_LOCKED, RowBatcher, type RowOutcome } from '../../background/row-batcher';
import { prepared } from '../../database/prepared';
import { RowColumns } from '../../database/row-columns';
import { sql } from '../../database/sql';
import type { LostAttempt } from '../attempt/attempt-verdict';
import { LOST_ATTEMPT_AGE, type LostAttemptRow, toLostAttempt } from './lost-attempt';
import type { DeliveryTarget } from '../endpoint/delivery-target';
import { targetOf, type TargetRow, toTarget } from '../endpoint/delivery-target.store';
import { wellFormedJson } from '../../common/well-formed-json';
import type { Attempt, DeliveryKey, DeliveryStatus } from '../attempt/delivery.types';
import { storeAttempt } from '../attempt/stored-attempt';
import type { Shares } from '../capacity/shares';
import {
  CLAIMABLE_PARKED,
  DUE,
  granted,
  shareParameters,
  SHARING_ENDPOINTS,
  TURN,
} from '../capacity/shares.store';
import { SETTLING, whenUnlocked } from './settling';
import { writeWhenPossible } from './write-when-possible';

/** A delivery that its cursor has gone on without, claimed by this process. */
export interface ClaimedDelivery {
  target: DeliveryTarget;
  mailboxId: string | null;
  eventId: string;
  sequence: number | null;
  /** How many attempts have failed so far. */
  failures: number;
  /** A replay has brought it again. */
  replayed: boolean;
  lost: LostAttempt | undefined;
}

/** What has become of it. */
export interface DeliveryOutcome extends DeliveryKey {
  status: DeliveryStatus;
  /** The attempt that was made; undefined when none was. */
  attempt: Attempt | undefined;
  failures: number;
  /** Milliseconds until the next attempt, when it is pending. */
  wait: number;
}

interface DeliveryRow extends TargetRow, LostAttemptRow {
  mailbox_id: string | null;
  event_id: string;
  sequence: string | null;
  failures: number;
  replayed: boolean | null;
}

const OUTCOMES = new RowColumns<DeliveryOutcome>({
  endpoint_id: ['text', ({ endpointId }) => endpointId],
  event_id: ['text', ({ eventId }) => eventId],
  status: ['text', ({ status }) => status],
  attempts: ['jsonb', ({ attempt }) => wellFormedJson(attempt ? [storeAttempt(attempt)] : [])],
  failures: ['int', ({ failures }) => failures],
  wait: ['float8', ({ wait }) => wait],
});

const CLAIMS = new RowColumns<ClaimedDelivery>({
  endpoint_id: ['text', ({ target }) => target.endpointId],
  event_id: ['text', ({ eventId }) => eventId],
});

const REPLAYED = `(SELECT deliveries.sequence <= replayed_sequence FROM delivery_cursors cursor
  WHERE cursor.endpoint_id = deliveries.endpoint_id AND cursor.mailbox_id = deliveries.mailbox_id)`;

/** Claims on parked deliveries, and their outcomes. */
@Injectable()
export class ParkedDeliveryStore {
  private readonly batcher = new RowBatcher<DeliveryOutcome, void>(
    (items) => writeWhenPossible(() => this.write(items)),
    SETTLING,
  );

  constructor(private readonly dataSource: DataSource) {}

  /** As `DeliveryCursorStore.claim`: a share for each endpoint, the attempt on record beforehand. */
  async claim(shares: Shares): Promise<ClaimedDelivery[]> {
    const rows = await sql<DeliveryRow>(
      this.dataSource,
      prepared(`WITH found AS (
         SELECT endpoints.id AS endpoint_id, delivery.*, ${TURN}
         FROM ${SHARING_ENDPOINTS}
         CROSS JOIN LATERAL (
           SELECT event_id, attempt_started_at AS lost_attempt_at, next_attempt_at AS due_at FROM ${CLAIMABLE_PARKED}
           ORDER BY next_attempt_at LIMIT ${granted(CLAIMABLE_PARKED)}
           FOR UPDATE SKIP LOCKED
         ) delivery),
       ${DUE}
       UPDATE deliveries SET claimed_by = $6, claimed_until = now() + $7 * interval '1 s',
         attempt_started_at = coalesce(attempt_started_at, clock_timestamp())
       FROM due CROSS JOIN ${targetOf('due.endpoint_id')} target
       WHERE deliveries.endpoint_id = due.endpoint_id AND deliveries.event_id = due.event_id
       RETURNING target.*, due.event_id, due.lost_attempt_at, mailbox_id, sequence, failures, ${REPLAYED} AS replayed, ${LOST_ATTEMPT_AGE}`),
      [...shareParameters(shares), REPLICA, CLAIM_SECONDS],
    );
    return rows.map(toDelivery);
  }

  async renew(deliveries: readonly ClaimedDelivery[]): Promise<void> {
    await sql(
      this.dataSource,
      `WITH held AS (
         SELECT endpoint_id, event_id FROM ${CLAIMS.relation('claim', 3)} JOIN deliveries USING (endpoint_id, event_id)
         WHERE claimed_by = $1 FOR NO KEY UPDATE OF deliveries SKIP LOCKED)
       UPDATE deliveries SET claimed_until = now() + $2 * interval '1 s'
       FROM held WHERE deliveries.endpoint_id = held.endpoint_id AND deliveries.event_id = held.event_id`,
      [REPLICA, CLAIM_SECONDS, ...CLAIMS.parameters(deliveries)],
    );
  }

  /**
   * Commits the outcome and gives the claim back. A claim that was lost settles nothing.
   *
   * @throws DeliveryLockedError when another session holds the delivery for too long
   */
  async settle(outcome: DeliveryOutcome): Promise<void> {
    return whenUnlocked(await this.batcher.add(outcome));
  }

  private async write(items: DeliveryOutcome[]): Promise<RowOutcome<void>[]> {
    const rows = await sql<DeliveryKey>(this.dataSource, SETTLE, [REPLICA, ...OUTCOMES.parameters(items)]);
    const locked = new Set(rows.map(({ endpointId, eventId }) => `${endpointId} ${eventId}`));
    return items.map(({ endpointId, eventId }) =>
      locked.has(`${endpointId} ${eventId}`) ? ROW_LOCKED : undefined,
    );
  }
}

/**
 * As the outcomes of cursors are settled: it waits for no row, gives those that are locked, and when a retry was requested
 * during an attempt that has failed, the next one is due at once.
 */
const SETTLE = prepared(`
  WITH held AS MATERIALIZED (
    SELECT outcome.*, retry_now, retry_now AND outcome.status = 'dead' AND parked AS anew
    FROM ${OUTCOMES.relation('outcome', 2)} JOIN deliveries USING (endpoint_id, event_id)
    CROSS JOIN LATERAL (
      SELECT retry_requested AND outcome.status <> 'delivered' AND outcome.attempts <> '[]' AS retry_now) request
    WHERE claimed_by = $1 FOR NO KEY UPDATE OF deliveries SKIP LOCKED),
  settled AS (
    UPDATE deliveries SET status = CASE WHEN anew THEN 'pending' ELSE held.status END,
      failures = CASE WHEN anew THEN 0 ELSE held.failures END,
      attempts = deliveries.attempts || held.attempts,
      next_attempt_at = CASE WHEN anew OR (held.status = 'pending' AND retry_now) THEN now()
        WHEN held.status = 'pending' THEN now() + wait * interval '1 ms' END,
      retry_requested = false, attempt_started_at = NULL, claimed_by = NULL, claimed_until = NULL
    FROM held WHERE deliveries.endpoint_id = held.endpoint_id AND deliveries.event_id = held.event_id)
  SELECT endpoint_id AS "endpointId", event_id AS "eventId"
  FROM ${OUTCOMES.relation('outcome', 2)} JOIN deliveries USING (endpoint_id, event_id)
  WHERE claimed_by = $1 AND (endpoint_id, event_id) NOT IN (SELECT endpoint_id, event_id FROM held)`);

function toDelivery(row: DeliveryRow): ClaimedDelivery {
  return {
    target: toTarget(row),
    mailboxId: row.mailbox_id,
    eventId: row.event_id,
    sequence: row.sequence === null ? null : Number(row.sequence),
    failures: row.failures,
    replayed: row.replayed === true,
    lost: toLostAttempt(row),
  };
}
