import { setTimeout as delay } from 'node:timers/promises';
import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { Batcher } from '../../common/batcher';
import { isConnectionError } from '../../common/connection-error';
import { newId } from '../../common/id';
import { REPLICA } from '../../database/replica';
import { sql } from '../../database/sql';
import type { Attempt, DeliveryStatus } from '../delivery.types';

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
  attempts: Attempt[];
  /** The cursor has gone on without it, and the row itself is claimed for the next attempt. */
  setAside: boolean;
  /** Milliseconds until the next attempt, when it is pending. */
  wait: number;
}

/** How often, and how far apart in milliseconds, a settlement is tried when the database is away for a moment. */
const TRIES = 10;
const RETRY_AFTER = 500;

/** Commits what attempts have come to: many cursors share one commit, and the next one takes what gathers meanwhile. */
@Injectable()
export class SettlementStore {
  private readonly batcher = new Batcher<Settlement, boolean>((items) => this.writeWhenPossible(items));

  constructor(private readonly dataSource: DataSource) {}

  /** @returns whether the next attempt has begun; otherwise the claim is given back, or was lost before */
  settle(settlement: Settlement): Promise<boolean> {
    return this.batcher.add(settlement);
  }

  /** The failed attempts of an event that waits for its next one. */
  async failedAttempts(endpointId: string, eventId: string): Promise<Attempt[]> {
    const [row] = await sql<{ attempts: Attempt[] }>(
      this.dataSource,
      `SELECT attempts FROM deliveries WHERE endpoint_id = $1 AND event_id = $2 AND status = 'pending'`,
      [endpointId, eventId],
    );
    return row?.attempts ?? [];
  }

  /** Claims outlive a short outage of the database, and so should the outcomes of attempts. A repeated write changes nothing. */
  private async writeWhenPossible(items: Settlement[]): Promise<boolean[]> {
    for (let tries = 1; ; tries++) {
      try {
        return await this.write(items);
      } catch (error) {
        if (tries === TRIES || !(isConnectionError(error) || isDeadlock(error))) throw error;
        await delay(RETRY_AFTER);
      }
    }
  }

  private async write(items: Settlement[]): Promise<boolean[]> {
    const deliveries = items.flatMap(({ delivery, ...item }) => (delivery ? [{ ...item, ...delivery }] : []));
    const rows = await sql<{ endpoint_id: string; mailbox_id: string; goes_on: boolean }>(
      this.dataSource,
      SETTLE,
      [
        REPLICA,
        items.map(({ endpointId }) => endpointId),
        items.map(({ mailboxId }) => mailboxId),
        items.map(({ revision }) => revision),
        items.map(({ from }) => from.toString()),
        items.map(({ sequence }) => sequence.toString()),
        items.map(({ attempts }) => attempts),
        items.map(({ wait }) => wait),
        items.map(({ goOn }) => goOn),
        deliveries.map(() => newId('dlv')),
        deliveries.map(({ endpointId }) => endpointId),
        deliveries.map(({ mailboxId }) => mailboxId),
        deliveries.map(({ eventId }) => eventId),
        deliveries.map(({ eventType }) => eventType),
        deliveries.map(({ sequence }) => sequence),
        deliveries.map(({ status }) => status),
        deliveries.map(({ attempts }) => JSON.stringify(attempts)),
        deliveries.map(({ setAside }) => setAside),
        deliveries.map(({ wait }) => wait),
      ],
    );
    const goesOn = new Set(
      rows.filter((row) => row.goes_on).map((row) => `${row.endpoint_id} ${row.mailbox_id}`),
    );
    return items.map(({ endpointId, mailboxId }) => goesOn.has(`${endpointId} ${mailboxId}`));
  }
}

/** https://www.postgresql.org/docs/current/errcodes-appendix.html: somebody else locks in another order, by hand perhaps. */
function isDeadlock(error: unknown): boolean {
  return (error as { code?: unknown } | undefined)?.code === '40P01';
}

/**
 * Rows are locked in the one order that appends use too (mailbox, endpoint), or the two would deadlock. A claim that was
 * lost settles nothing: whoever holds it now has counted the attempt as failed.
 */
const SETTLE = `
  WITH held AS (
    SELECT outcome.*, cursor.sequence = outcome.from_sequence AS unmoved,
      outcome.go_on AND cursor.sequence = outcome.from_sequence
        AND endpoints.status = 'enabled' AND endpoints.revision = outcome.revision AS goes_on
    FROM unnest($2::text[], $3::text[], $4::int[], $5::bigint[], $6::bigint[], $7::int[], $8::float8[], $9::boolean[])
      AS outcome (endpoint_id, mailbox_id, revision, from_sequence, sequence, attempts, wait, go_on)
    JOIN delivery_cursors cursor USING (endpoint_id, mailbox_id)
    JOIN endpoints ON endpoints.id = cursor.endpoint_id
    WHERE cursor.claimed_by = $1
    ORDER BY cursor.mailbox_id, cursor.endpoint_id FOR UPDATE OF cursor),
  settled AS (
    UPDATE delivery_cursors cursor SET
      sequence = CASE WHEN unmoved THEN held.sequence ELSE cursor.sequence END,
      attempts = CASE WHEN unmoved THEN held.attempts ELSE 0 END,
      next_attempt_at = CASE WHEN unmoved THEN now() + wait * interval '1 ms' ELSE cursor.next_attempt_at END,
      attempt_started_at = CASE WHEN goes_on THEN clock_timestamp() END,
      claimed_by = CASE WHEN goes_on THEN claimed_by END,
      claimed_until = CASE WHEN goes_on THEN claimed_until END
    FROM held WHERE cursor.endpoint_id = held.endpoint_id AND cursor.mailbox_id = held.mailbox_id
    RETURNING cursor.endpoint_id, cursor.mailbox_id, unmoved, goes_on),
  recorded AS (
    INSERT INTO deliveries (id, endpoint_id, mailbox_id, event_id, event_type, sequence, status, attempts, set_aside, next_attempt_at)
    SELECT id, endpoint_id, mailbox_id, event_id, event_type, sequence, status, attempts, set_aside,
      CASE WHEN status = 'pending' THEN now() + wait * interval '1 ms' END
    FROM unnest($10::text[], $11::text[], $12::text[], $13::text[], $14::text[], $15::bigint[], $16::text[], $17::json[],
                $18::boolean[], $19::float8[])
      AS delivery (id, endpoint_id, mailbox_id, event_id, event_type, sequence, status, attempts, set_aside, wait)
    JOIN settled USING (endpoint_id, mailbox_id)
    WHERE unmoved OR status <> 'pending'
    ON CONFLICT (endpoint_id, event_id) DO UPDATE SET status = excluded.status, attempts = excluded.attempts,
      set_aside = excluded.set_aside, next_attempt_at = excluded.next_attempt_at,
      claimed_by = NULL, claimed_until = NULL, attempt_started_at = NULL)
  SELECT endpoint_id, mailbox_id, goes_on FROM settled`;
