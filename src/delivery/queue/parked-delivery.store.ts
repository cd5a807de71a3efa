import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { Batcher } from '../../background/batcher';
import { CLAIM_SECONDS, REPLICA } from '../../background/replica';
import { RowColumns } from '../../database/row-columns';
import { sql } from '../../database/sql';
import type { LostAttempt } from '../attempt/attempt-verdict';
import { LOST_ATTEMPT_AGE, type LostAttemptRow, toLostAttempt } from './lost-attempt';
import type { DeliveryTarget } from '../endpoint/delivery-target';
import { TARGET_COLUMNS, type TargetRow, toTarget } from '../endpoint/delivery-target.store';
import { wellFormedJson } from '../../common/well-formed-json';
import type { Attempt, DeliveryKey, DeliveryStatus } from '../attempt/delivery.types';
import { DUE, PLACES, shareParameters, SHARES, type Shares, TURN } from './shares';
import { writeWhenPossible } from './write-when-possible';

/** A delivery that its cursor has gone on without, in the hands of this process. */
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
  attempts: ['jsonb', ({ attempt }) => wellFormedJson(attempt ? [attempt] : [])],
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
  private readonly batcher = new Batcher<DeliveryOutcome>((items) =>
    writeWhenPossible(() => this.write(items)),
  );

  constructor(private readonly dataSource: DataSource) {}

  /** As `DeliveryCursorStore.claim`: a share for each endpoint, the attempt on record beforehand. */
  async claim(shares: Shares): Promise<ClaimedDelivery[]> {
    const rows = await sql<DeliveryRow>(
      this.dataSource,
      `WITH found AS (
         SELECT ${TARGET_COLUMNS}, delivery.*, ${TURN}
         FROM endpoints LEFT JOIN ${SHARES} USING (id)
         CROSS JOIN LATERAL (
           SELECT event_id, attempt_started_at AS lost_attempt_at, next_attempt_at AS due_at FROM deliveries
           WHERE endpoint_id = endpoints.id AND status = 'pending' AND parked AND next_attempt_at <= now()
             AND (claimed_until IS NULL OR claimed_until < now())
           ORDER BY next_attempt_at LIMIT ${PLACES}
           FOR UPDATE SKIP LOCKED
         ) delivery
         WHERE endpoints.status = 'enabled'),
       ${DUE}
       UPDATE deliveries SET claimed_by = $6, claimed_until = now() + $7 * interval '1 s',
         attempt_started_at = coalesce(attempt_started_at, clock_timestamp())
       FROM due WHERE deliveries.endpoint_id = due.endpoint_id AND deliveries.event_id = due.event_id
       RETURNING due.*, mailbox_id, sequence, failures, ${REPLAYED} AS replayed, ${LOST_ATTEMPT_AGE}`,
      [...shareParameters(shares), REPLICA, CLAIM_SECONDS],
    );
    return rows.map(toDelivery);
  }

  async renew(deliveries: readonly ClaimedDelivery[]): Promise<void> {
    await sql(
      this.dataSource,
      `UPDATE deliveries SET claimed_until = now() + $2 * interval '1 s'
       FROM ${CLAIMS.relation('claim', 3)}
       WHERE deliveries.endpoint_id = claim.endpoint_id AND deliveries.event_id = claim.event_id AND claimed_by = $1`,
      [REPLICA, CLAIM_SECONDS, ...CLAIMS.parameters(deliveries)],
    );
  }

  /** Commits the outcome and gives the claim back. A claim that was lost settles nothing. */
  settle(outcome: DeliveryOutcome): Promise<void> {
    return this.batcher.add(outcome);
  }

  private async write(items: DeliveryOutcome[]): Promise<void> {
    await sql(
      this.dataSource,
      `UPDATE deliveries SET status = outcome.status, failures = outcome.failures,
         attempts = deliveries.attempts || outcome.attempts,
         next_attempt_at = CASE WHEN outcome.status = 'pending' THEN now() + wait * interval '1 ms' END,
         attempt_started_at = NULL, claimed_by = NULL, claimed_until = NULL
       FROM ${OUTCOMES.relation('outcome', 2)}
       WHERE deliveries.endpoint_id = outcome.endpoint_id AND deliveries.event_id = outcome.event_id AND claimed_by = $1`,
      [REPLICA, ...OUTCOMES.parameters(items)],
    );
  }
}

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
