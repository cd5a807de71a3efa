import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { CLAIM_SECONDS, REPLICA } from '../../background/replica';
import type { LastError } from '../../common/last-error';
import { NO_FLUSH, prepared } from '../../database/prepared';
import { sql } from '../../database/sql';
import { DATABASE_NOW } from '../../event/notification-trace';
import type { LabelFilter } from '../../gmail/label-filter';
import { readAwaited } from './awaited-notification';
import { suspectMessage } from './suspect.store';
import type { SyncClaim, SyncLane } from './sync.types';

/**
 * Seconds by which a claim lasts longer until it is renewed first. When a record kills the process, the mailboxes that were
 * being read beside it die too: from the third time on they come back apart, so that only the guilty one is found out.
 * At most 8 s beside the claim's 12: what a killed replica was doing is taken over within 20 s.
 */
const TAKEOVER_SPREAD_SECONDS = 'least(greatest(attempts - 1, 0) * 4, 8) * random()';

/** The longest time that history may lag behind a notification (contract, section 6). */
const GIVE_UP_BEHIND = '10 minutes';

/** A claim is given back by one who lives: whichever message was being read, it has not killed the process. */
export const RETURNED = 'claimed_by = NULL, claimed_until = NULL, suspect_message_id = NULL';

/** A reconcile that has to wait stays one: it must not come back as news. */
const movedWith = (time: string) =>
  `CASE WHEN reconcile_at = next_sync_at THEN ${time} ELSE reconcile_at END`;

export interface ClaimRow {
  mailbox_id: string;
  revision: number;
  label_ids: string[];
  label_filter_behavior: LabelFilter['labelFilterBehavior'];
  snapshot: SyncClaim['snapshot'];
  history_id: string;
  notified_history_id: string | null;
  notifications: string[];
  now: number;
  request_count: string;
  failures: number;
  attempts: number;
  lane: SyncLane;
  address_check_requested: boolean;
  up_to_date_at: Date;
  overdue: boolean | null;
}

/** Claims of mailboxes that are due, in SQL. */
@Injectable()
export class SyncClaimStore {
  constructor(private readonly dataSource: DataSource) {}

  /** @param limits how many of each kind, at most: the most overdue ones, and of the gaps those that were found first */
  async claim(limits: Record<SyncLane, number>): Promise<SyncClaim[]> {
    const rows = await sql<ClaimRow>(this.dataSource, CLAIM, [
      REPLICA,
      CLAIM_SECONDS,
      limits.news,
      limits.reconcile,
      limits.repair,
    ]);
    return rows.map(toClaim);
  }

  /** As `ReadingRun.suspect`, for the repair of a gap. */
  suspect(mailboxId: string, messageId: string): Promise<number> {
    return suspectMessage(this.dataSource, 'mailbox_cursors', mailboxId, messageId);
  }

  /**
   * Returns a claim after a failure: due again after a wait (ms), or not before a time that Google named.
   *
   * @param counts whether it counts as an attempt at the records
   */
  async fail(
    mailboxId: string,
    error: LastError,
    { wait, notBefore, counts }: { wait: number; notBefore: Date | null; counts: boolean },
  ): Promise<void> {
    await sql(
      this.dataSource,
      `UPDATE mailbox_cursors SET failures = failures + 1, last_error = $3, ${RETURNED},
         not_before = $5, attempts = CASE WHEN $6 THEN attempts ELSE greatest(attempts - 1, 0) END,
         reconcile_at = ${movedWith("greatest(now() + $4 * interval '1 ms', $5)")},
         next_sync_at = CASE WHEN paused THEN NULL ELSE greatest(now() + $4 * interval '1 ms', $5) END
       WHERE mailbox_id = $1 AND claimed_by = $2`,
      [mailboxId, REPLICA, JSON.stringify(error), Math.round(wait), notBefore, counts],
    );
  }

  /**
   * Returns a claim for a while (ms). Nothing has failed.
   *
   * @param firm whether nothing shortens the wait: what Google allows is spent. Else a notification makes it due at once.
   */
  async postpone(mailboxId: string, wait: number, firm: boolean): Promise<void> {
    await sql(
      this.dataSource,
      `UPDATE mailbox_cursors SET ${RETURNED}, attempts = greatest(attempts - 1, 0),
         not_before = CASE WHEN $4 THEN greatest(not_before, now() + $3 * interval '1 ms') ELSE not_before END,
         reconcile_at = ${movedWith("greatest(not_before, now() + $3 * interval '1 ms')")},
         next_sync_at = CASE WHEN NOT paused THEN greatest(not_before, now() + $3 * interval '1 ms') END
       WHERE mailbox_id = $1 AND claimed_by = $2`,
      [mailboxId, REPLICA, Math.round(wait), firm],
    );
  }

  /** Returns a claim to those who repair gaps: the mailbox waits in their queue, and nothing is done for it meanwhile. */
  async queueRepair(mailboxId: string): Promise<void> {
    await sql(
      this.dataSource,
      `UPDATE mailbox_cursors SET ${RETURNED}, attempts = greatest(attempts - 1, 0),
         gap_found_at = coalesce(gap_found_at, now()),
         next_sync_at = CASE WHEN NOT paused THEN greatest(now(), not_before) END
       WHERE mailbox_id = $1 AND claimed_by = $2`,
      [mailboxId, REPLICA],
    );
  }

  /** Returns a claim untouched: another replica goes on where this one was. */
  async release(mailboxId: string): Promise<void> {
    await sql(
      this.dataSource,
      `UPDATE mailbox_cursors SET ${RETURNED}, attempts = greatest(attempts - 1, 0)
       WHERE mailbox_id = $1 AND claimed_by = $2`,
      [mailboxId, REPLICA],
    );
  }

  /** Keeps these claims of this replica from being taken over. A row that another session holds is not waited for. */
  async renew(claims: SyncClaim[]): Promise<void> {
    await sql(
      this.dataSource,
      `WITH ${NO_FLUSH} UPDATE mailbox_cursors c SET claimed_until = now() + $2 * interval '1 second'
       FROM (SELECT mailbox_id FROM mailbox_cursors
             WHERE claimed_by = $1 AND claimed_until > now() AND mailbox_id = ANY ($3)
             FOR NO KEY UPDATE SKIP LOCKED) mine, no_flush
       WHERE c.mailbox_id = mine.mailbox_id`,
      [REPLICA, CLAIM_SECONDS, claims.map(({ mailboxId }) => mailboxId)],
    );
  }
}

/** In SQL: a mailbox that is synced, claimed by nobody. @param cursor the relation of its cursor */
export const isUnclaimed = (
  cursor: string,
) => `(${cursor}.claimed_until IS NULL OR ${cursor}.claimed_until < now())
      AND NOT ${cursor}.paused AND ${cursor}.history_id IS NOT NULL`;

const IS_FREE = `next_sync_at <= now() AND ${isUnclaimed('mailbox_cursors')}`;

/** In SQL: when a claim ends that is made now for so many seconds ($2). */
export const CLAIM_ENDS = `now() + ($2 + ${TAKEOVER_SPREAD_SECONDS}) * interval '1 second'`;

/** In SQL: what a run needs of `mailbox_cursors c` and of `due`, which brings the snapshot and its filter. */
export const CLAIM_COLUMNS = `c.mailbox_id, due.lane, due.revision, c.history_id, c.label_ids, c.label_filter_behavior,
    CASE WHEN (due.label_ids, due.label_filter_behavior) = (c.label_ids, c.label_filter_behavior) THEN due.snapshot END AS snapshot,
    c.notified_history_id, c.notifications, ${DATABASE_NOW} AS now,
    c.request_count, c.address_check_requested, c.failures, c.attempts, coalesce(c.last_sync_at, c.started_at, now()) AS up_to_date_at,
    c.behind_since < now() - interval '${GIVE_UP_BEHIND}' AS overdue`;

/** In SQL: what `CLAIM_COLUMNS` needs of `mailbox_snapshots s`. */
export const CLAIMED_SNAPSHOT = `CASE WHEN s.state = 'ready' THEN json_build_object('id', s.id, 'labels', s.labels) END AS snapshot,
      s.label_ids, s.label_filter_behavior`;

/** The conditions of each lane are those of an index: however many wait in one, the next of another is found at once. */
const CLAIM = prepared(`
  WITH ${NO_FLUSH}, news AS (
    SELECT mailbox_id, 'news' AS lane FROM mailbox_cursors
    WHERE next_sync_at IS DISTINCT FROM reconcile_at AND gap_found_at IS NULL AND ${IS_FREE}
    ORDER BY next_sync_at LIMIT $3 FOR UPDATE SKIP LOCKED
  ), reconcile AS (
    SELECT mailbox_id, 'reconcile' AS lane FROM mailbox_cursors
    WHERE next_sync_at = reconcile_at AND gap_found_at IS NULL AND ${IS_FREE}
    ORDER BY next_sync_at LIMIT $4 FOR UPDATE SKIP LOCKED
  ), repair AS (
    SELECT mailbox_id, 'repair' AS lane FROM mailbox_cursors
    WHERE gap_found_at IS NOT NULL AND ${IS_FREE}
    ORDER BY gap_found_at LIMIT $5 FOR UPDATE SKIP LOCKED
  )
  UPDATE mailbox_cursors c SET claimed_by = $1, claimed_until = ${CLAIM_ENDS}, attempts = attempts + 1
  FROM (
    SELECT taken.*, m.revision, ${CLAIMED_SNAPSHOT}
    FROM (TABLE news UNION ALL TABLE reconcile UNION ALL TABLE repair) taken
    JOIN mailboxes m ON m.id = taken.mailbox_id LEFT JOIN mailbox_snapshots s ON s.mailbox_id = taken.mailbox_id) due, no_flush
  WHERE c.mailbox_id = due.mailbox_id
  RETURNING ${CLAIM_COLUMNS}`);

export function toClaim(row: ClaimRow): SyncClaim {
  return {
    mailboxId: row.mailbox_id,
    mailboxRevision: row.revision,
    filter: { labelIds: row.label_ids, labelFilterBehavior: row.label_filter_behavior },
    snapshot: row.snapshot,
    historyId: BigInt(row.history_id),
    notifiedHistoryId: row.notified_history_id === null ? null : BigInt(row.notified_history_id),
    // One that came before the watch was known announced nothing that is still to be read.
    notifications: row.notifications
      .map((text) => readAwaited(text, row.now))
      .filter((awaited) => awaited.historyId > BigInt(row.history_id)),
    requestCount: row.request_count,
    failures: row.failures,
    attempts: row.attempts,
    lane: row.lane,
    addressCheckRequested: row.address_check_requested,
    upToDateAt: row.up_to_date_at,
    hintIsOverdue: row.overdue === true,
  };
}
