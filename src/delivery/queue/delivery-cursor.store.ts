import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { CLAIM_SECONDS, REPLICA } from '../../background/replica';
import { NO_FLUSH, prepared } from '../../database/prepared';
import { RowColumns } from '../../database/row-columns';
import { sql } from '../../database/sql';
import type { Shares } from '../capacity/shares';
import {
  CLAIMABLE_PARKED,
  DUE,
  granted,
  shareParameters,
  SHARING_ENDPOINTS,
  TURN,
} from '../capacity/shares.store';
import type { LostAttempt } from '../attempt/attempt-verdict';
import { LOST_ATTEMPT_AGE, type LostAttemptRow, toLostAttempt } from './lost-attempt';
import type { DeliveryTarget } from '../endpoint/delivery-target';
import { targetOf, type TargetRow, toTarget } from '../endpoint/delivery-target.store';
import {
  type MailboxEventRow,
  type MailboxEvents,
  pageOfMailbox,
  toMailboxEvents,
} from '../../event/log/mailbox-event.store';

/** A delivery cursor that this process has claimed. */
export interface ClaimedCursor {
  target: DeliveryTarget;
  mailboxId: string;
  sequence: bigint;
  highWatermark: bigint;
  /** Up to where a replay brings again what has come before. */
  replayedSequence: bigint;
  /** How many attempts of the event after `sequence` have failed. */
  attempts: number;
  /** An attempt that another process began and did not live to see the end of. */
  lost: LostAttempt | undefined;
  /** The events after `sequence`; undefined when they are to be read. */
  page: MailboxEvents | undefined;
}

/** What one claim delivers at most: others wait for their turn, and many claims are in memory at once. */
export const MAX_CLAIM_SIZE = { events: 50, bytes: 256 * 1024 };

interface CursorRow extends TargetRow, LostAttemptRow {
  cursor_mailbox_id: string;
  cursor_sequence: string;
  is_whole: boolean;
  high_watermark: string;
  replayed_sequence: string | null;
  attempts: number;
}

const CLAIMS = new RowColumns<ClaimedCursor>({
  endpoint_id: ['text', ({ target }) => target.endpointId],
  mailbox_id: ['text', ({ mailboxId }) => mailboxId],
});

/** Claims on delivery cursors. The rows themselves say which are due, so nobody has to report it. */
@Injectable()
export class DeliveryCursorStore {
  constructor(private readonly dataSource: DataSource) {}

  /**
   * Claims cursors that are due and begins their attempts: an attempt is on record before it is made. A cursor that a
   * dead process left in an attempt keeps the time of that one instead.
   */
  async claim(shares: Shares): Promise<ClaimedCursor[]> {
    const { events, bytes } = MAX_CLAIM_SIZE;
    const parameters = [...shareParameters(shares), REPLICA, CLAIM_SECONDS, events, bytes];
    const rows = await sql<CursorRow & MailboxEventRow>(this.dataSource, CLAIM, parameters);
    const byCursor = Map.groupBy(rows, (row) => `${row.endpoint_id} ${row.cursor_mailbox_id}`);
    return [...byCursor.values()].map(toCursor);
  }

  /**
   * Renews the claims on these cursors, so that others take them over only when this process has died. It waits for no
   * row: one that is locked now is renewed next time, two times before the claim ends.
   */
  async renew(cursors: readonly ClaimedCursor[]): Promise<void> {
    await sql(
      this.dataSource,
      prepared(`WITH ${NO_FLUSH}, held AS (
         SELECT endpoint_id, mailbox_id
         FROM delivery_cursors JOIN ${CLAIMS.relation('claim', 3)} USING (endpoint_id, mailbox_id)
         WHERE claimed_by = $1 FOR NO KEY UPDATE OF delivery_cursors SKIP LOCKED)
       UPDATE delivery_cursors SET claimed_until = now() + $2 * interval '1 s'
       FROM held, no_flush WHERE delivery_cursors.endpoint_id = held.endpoint_id AND delivery_cursors.mailbox_id = held.mailbox_id`),
      [REPLICA, CLAIM_SECONDS, ...CLAIMS.parameters(cursors)],
    );
  }
}

const CLAIMABLE = `endpoint_id = endpoints.id AND epoch = endpoints.epoch AND high_watermark - sequence > 0
  AND next_attempt_at <= now() AND (claimed_until IS NULL OR claimed_until < now())`;

/**
 * With the events to deliver. They are as this statement sees them, and a cursor is as it was when it was locked: where
 * these differ, an append has committed in between, and the events are read anew. So are they when some have left the log.
 */
const CLAIM = prepared(`
  WITH ${NO_FLUSH}, found AS (
    SELECT endpoints.id AS endpoint_id, cursor.*, ${TURN}
    FROM ${SHARING_ENDPOINTS}
    CROSS JOIN LATERAL (
      SELECT mailbox_id, attempt_started_at AS lost_attempt_at, next_attempt_at AS due_at FROM delivery_cursors
      WHERE ${CLAIMABLE}
      ORDER BY next_attempt_at LIMIT ${granted(`delivery_cursors WHERE ${CLAIMABLE}`, CLAIMABLE_PARKED)}
      FOR UPDATE SKIP LOCKED
    ) cursor),
  ${DUE},
  claimed AS (
    UPDATE delivery_cursors SET claimed_by = $6, claimed_until = now() + $7 * interval '1 s',
      attempt_started_at = coalesce(attempt_started_at, clock_timestamp())
    FROM no_flush, due CROSS JOIN ${targetOf('due.endpoint_id')} target
    WHERE delivery_cursors.endpoint_id = due.endpoint_id AND delivery_cursors.mailbox_id = due.mailbox_id
    RETURNING target.*, due.mailbox_id, due.lost_attempt_at, sequence, high_watermark, replayed_sequence, attempts, ${LOST_ATTEMPT_AGE})
  SELECT claimed.*, claimed.mailbox_id AS cursor_mailbox_id, claimed.sequence AS cursor_sequence, is_whole, event.*
  FROM claimed
  LEFT JOIN delivery_cursors seen ON seen.endpoint_id = claimed.endpoint_id AND seen.mailbox_id = claimed.mailbox_id
  CROSS JOIN LATERAL (SELECT (seen.sequence, seen.high_watermark) = (claimed.sequence, claimed.high_watermark)
    AND NOT EXISTS (SELECT FROM missed_events missed WHERE missed.endpoint_id = claimed.endpoint_id
      AND missed.mailbox_id = claimed.mailbox_id AND to_sequence > claimed.sequence) AS is_whole) whole
  LEFT JOIN LATERAL (${pageOfMailbox({
    mailboxId: 'claimed.mailbox_id',
    after: 'claimed.sequence',
    types: 'claimed.event_types',
    events: '$8',
    bytes: '$9',
  })}) event ON is_whole
  ORDER BY event.sequence`);

/** @param rows one for each event; one in all when there is none */
function toCursor(rows: (CursorRow & MailboxEventRow)[]): ClaimedCursor {
  const [row] = rows as [CursorRow & MailboxEventRow];
  const events = row.id === null ? [] : rows;
  return {
    target: toTarget(row),
    mailboxId: row.cursor_mailbox_id,
    sequence: BigInt(row.cursor_sequence),
    highWatermark: BigInt(row.high_watermark),
    replayedSequence: BigInt(row.replayed_sequence ?? 0),
    attempts: row.attempts,
    lost: toLostAttempt(row),
    page: row.is_whole ? toMailboxEvents(events, MAX_CLAIM_SIZE) : undefined,
  };
}
