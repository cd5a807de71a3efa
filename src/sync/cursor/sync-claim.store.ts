import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { SyncSettings } from '../../config/settings';
import { DATABASE_NOW } from '../../event/notification-trace';
import { CLAIM_SECONDS, REPLICA } from '../../background/replica';
import { sql, type SqlExecutor } from '../../database/sql';
import { type AwaitedNotification, readAwaited } from './awaited-notification';
import { ATTEMPTS_TOGETHER } from './poison';
import type { LabelFilter } from '../../gmail/label-filter';
import type { LastError } from '../../common/last-error';

/** A mailbox that this replica is to sync, as it was when it was claimed. */
export interface SyncClaim {
  mailboxId: string;
  historyId: bigint;
  notifiedHistoryId: bigint | null;
  /** Those that no sync has answered yet. */
  notifications: AwaitedNotification[];
  requestCount: string;
  failures: number;
  /** Runs at this place in the history, this one included. */
  attempts: number;
  /** Nothing asked for this run, no notification and nobody: the mailbox was merely quiet for long. */
  reconciling: boolean;
  /** When the cursor was last at the end of the history; what arrived before is in the log. */
  upToDateAt: Date;
  /** History has been behind the hint for so long that the hint is to be given up, unless this run reaches it. */
  hintIsOverdue: boolean;
}

/** Where a run ends. */
export interface SyncEnd {
  from: bigint;
  to: bigint;
  /** Whether it found changes that count. */
  found: boolean;
}

/** The longest time that history may lag behind a notification, and the waits between the reads in it (contract, section 6). */
const GIVE_UP_BEHIND = '10 minutes';
const LEAST_WAIT_BEHIND = '250 ms';
const LONGEST_WAIT_BEHIND = '30 seconds';

/**
 * Seconds by which a claim lasts longer until it is renewed first. When a record kills the process, the mailboxes that were
 * being read beside it die too: from the third time on they come back apart, so that only the guilty one is found out.
 * At most 8 s beside the claim's 12: what a killed replica was doing is taken over within 20 s.
 */
const SPREAD_OF_DEATHS = 'least(greatest(attempts - 1, 0) * 4, 8) * random()';

/** A claim is given back by one who lives: whichever message was being read, it has not killed the process. */
const RETURNED = 'claimed_by = NULL, claimed_until = NULL, suspect_message_id = NULL';

/** Of the notifications, those that the history read so far ($3) does not reach. */
const STILL_AWAITED = `ARRAY(SELECT text FROM unnest(notifications) text WHERE split_part(text, ' ', 1)::bigint > $3)`;

/**
 * The cursor in SQL: claims, and the compare-and-set that moves it. Everything that a notification may change at the
 * same moment is decided by the statement on the row itself, never by what was read before.
 */
@Injectable()
export class SyncClaimStore {
  constructor(
    private readonly dataSource: DataSource,
    private readonly settings: SyncSettings,
  ) {}

  async claim(limit: number): Promise<SyncClaim[]> {
    const rows = await sql<{
      mailbox_id: string;
      history_id: string;
      notified_history_id: string | null;
      notifications: string[];
      now: number;
      request_count: string;
      failures: number;
      attempts: number;
      reconciling: boolean | null;
      up_to_date_at: Date;
      overdue: boolean | null;
    }>(
      this.dataSource,
      `UPDATE mailbox_cursors c SET claimed_by = $1, attempts = attempts + 1,
         claimed_until = now() + ($2 + ${SPREAD_OF_DEATHS}) * interval '1 second'
       FROM (SELECT mailbox_id FROM mailbox_cursors
             WHERE next_sync_at <= now() AND (claimed_until IS NULL OR claimed_until < now())
               AND NOT paused AND history_id IS NOT NULL
             ORDER BY next_sync_at LIMIT $3 FOR UPDATE SKIP LOCKED) due
       WHERE c.mailbox_id = due.mailbox_id
       RETURNING c.mailbox_id, history_id, notified_history_id, notifications, ${DATABASE_NOW} AS now,
         request_count, failures, attempts,
         next_sync_at = reconcile_at AS reconciling, coalesce(last_sync_at, started_at, now()) AS up_to_date_at,
         behind_since < now() - interval '${GIVE_UP_BEHIND}' AS overdue`,
      [REPLICA, CLAIM_SECONDS, limit],
    );
    return rows.map((row) => ({
      mailboxId: row.mailbox_id,
      historyId: BigInt(row.history_id),
      notifiedHistoryId: row.notified_history_id === null ? null : BigInt(row.notified_history_id),
      // One that came before the watch was known told of nothing that is still to be read.
      notifications: row.notifications
        .map((text) => readAwaited(text, row.now))
        .filter((awaited) => awaited.historyId > BigInt(row.history_id)),
      requestCount: row.request_count,
      failures: row.failures,
      attempts: row.attempts,
      reconciling: row.reconciling === true,
      upToDateAt: row.up_to_date_at,
      hintIsOverdue: row.overdue === true,
    }));
  }

  /** The filter in force now: a record is judged by that of the moment in which it is read. */
  async filter(mailboxId: string): Promise<LabelFilter> {
    const [row] = await sql<{
      label_ids: string[];
      label_filter_behavior: LabelFilter['labelFilterBehavior'];
    }>(
      this.dataSource,
      'SELECT label_ids, label_filter_behavior FROM mailbox_cursors WHERE mailbox_id = $1',
      [mailboxId],
    );
    return { labelIds: row!.label_ids, labelFilterBehavior: row!.label_filter_behavior };
  }

  /**
   * Moves the cursor in the middle of a run, keeping the claim. What is left of the run is the first attempt at its new
   * place; a run that takes records one by one stays at that, for what it was to find may still come.
   *
   * @returns whether it stood where the run took it to stand; otherwise nothing may be appended
   */
  async advance(on: SqlExecutor, mailboxId: string, from: bigint, to: bigint): Promise<boolean> {
    const rows = await sql(
      on,
      `UPDATE mailbox_cursors SET history_id = $3,
         attempts = CASE WHEN attempts > ${ATTEMPTS_TOGETHER} THEN ${ATTEMPTS_TOGETHER} + 1 ELSE 1 END
       WHERE mailbox_id = $1 AND history_id = $2 AND NOT paused RETURNING 1`,
      [mailboxId, from.toString(), to.toString()],
    );
    return rows.length > 0;
  }

  /**
   * Writes down, before a repair touches a message, that it does: should that kill the process, the next run knows.
   *
   * @returns how many runs in a row were at this message without living to return the claim, this one included
   */
  async suspect(mailboxId: string, messageId: string): Promise<number> {
    const [row] = await sql<{ suspected: number }>(
      this.dataSource,
      `UPDATE mailbox_cursors SET suspect_message_id = $3,
         suspected = CASE WHEN suspect_message_id = $3 THEN suspected + 1 ELSE 1 END
       WHERE mailbox_id = $1 AND claimed_by = $2 RETURNING suspected`,
      [mailboxId, REPLICA, messageId],
    );
    return row?.suspected ?? 1;
  }

  /**
   * Moves the cursor to the end of a run, returns the claim and decides when the mailbox is due next: at once when it
   * was hinted or asked for again meanwhile, soon while history lags behind the hint, else when it may be quiet no longer.
   *
   * @param on the transaction that appends the run's events; none needed when there are none
   * @returns whether the cursor stood where the run took it to stand, and in how many milliseconds the mailbox is due again
   */
  async finish(
    claim: SyncClaim,
    { from, to, found }: SyncEnd,
    on: SqlExecutor = this.dataSource,
  ): Promise<{ moved: boolean; dueIn: number | null }> {
    const sameHint = 'notified_history_id IS NOT DISTINCT FROM $5::bigint';
    const behind = `(notified_history_id > $3 AND NOT ($6 AND ${sameHint}))`;
    const quietUntil = `(now() + $7 * interval '1 ms')`;
    const [row] = await sql<{ due_in: number | null }>(
      on,
      `UPDATE mailbox_cursors SET history_id = $3, last_sync_at = now(), last_error = NULL, failures = 0, attempts = 0,
         not_before = NULL, ${RETURNED},
         notified_history_id = CASE WHEN ${behind} THEN notified_history_id ELSE least(notified_history_id, $3) END,
         notifications = CASE WHEN ${behind} THEN ${STILL_AWAITED} ELSE '{}' END,
         behind_since = CASE WHEN ${behind} THEN coalesce(behind_since, now()) END,
         silent_syncs = CASE WHEN $8 AND (notified_history_id > $9) IS NOT TRUE THEN silent_syncs + 1 ELSE silent_syncs END,
         reconcile_at = CASE WHEN reconcile_until > now() THEN ${quietUntil} END,
         next_sync_at = CASE
           WHEN request_count <> $4 THEN now()
           WHEN ${behind} AND NOT (${sameHint}) THEN now()
           WHEN ${behind} THEN now() + least(interval '${LONGEST_WAIT_BEHIND}',
                                             greatest(interval '${LEAST_WAIT_BEHIND}', now() - behind_since))
           WHEN reconcile_until > now() THEN ${quietUntil} END
       WHERE mailbox_id = $1 AND history_id = $2 AND NOT paused
       RETURNING (extract(epoch FROM next_sync_at - now()) * 1000)::float AS due_in`,
      [
        claim.mailboxId,
        from.toString(),
        to.toString(),
        claim.requestCount,
        claim.notifiedHistoryId?.toString() ?? null,
        claim.hintIsOverdue,
        this.settings.reconcileInterval,
        claim.reconciling && found,
        claim.historyId.toString(),
      ],
    );
    return { moved: row !== undefined, dueIn: row?.due_in ?? null };
  }

  /** The mailbox is no longer active: nothing is read, and a run under way cannot commit. Within the caller's transaction. */
  async pause(manager: EntityManager, mailboxId: string): Promise<void> {
    await sql(
      manager,
      'UPDATE mailbox_cursors SET paused = true, next_sync_at = NULL WHERE mailbox_id = $1',
      [mailboxId],
    );
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
         next_sync_at = CASE WHEN NOT paused THEN greatest(not_before, now() + $3 * interval '1 ms') END
       WHERE mailbox_id = $1 AND claimed_by = $2`,
      [mailboxId, REPLICA, Math.round(wait), firm],
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

  /** Keeps these claims of this replica from being taken over. */
  async renew(claims: SyncClaim[]): Promise<void> {
    await sql(
      this.dataSource,
      `UPDATE mailbox_cursors SET claimed_until = now() + $2 * interval '1 second'
       WHERE claimed_by = $1 AND claimed_until > now() AND mailbox_id = ANY ($3)`,
      [REPLICA, CLAIM_SECONDS, claims.map(({ mailboxId }) => mailboxId)],
    );
  }
}
