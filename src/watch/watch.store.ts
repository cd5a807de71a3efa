import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { CLAIM_SECONDS, REPLICA } from '../background/replica';
import { KeptData } from '../erasure/kept-data';
import { sql, type SqlExecutor } from '../database/sql';
import type { LabelFilter } from '../gmail/label-filter';
import type { LastError } from '../common/last-error';
import type { WatchFacts } from './watch-status';

/** How many expiries are reported in one run of the job. */
const MAX_EXPIRIES_A_RUN = 1_000;

/** How long a request made by a person has before the renewal job takes it for abandoned. */
const REQUEST_GRACE = '30 seconds';

/** A watch as it is shown. */
export interface StoredWatch extends WatchFacts, LabelFilter {
  mailboxId: string;
  renewAt: Date | null;
  lastError: LastError | null;
  readAt: Date;
}

/** The watches in SQL: claims by the renewal job, and what becomes of a request to Google. */
@Injectable()
export class WatchStore {
  constructor(
    private readonly dataSource: DataSource,
    kept: KeptData,
  ) {
    kept.addRows({ table: 'watches', where: 'mailbox_id = $1' });
  }

  /** What is due is decided by the database's clock alone: those of the replicas differ. */
  async now(on: SqlExecutor = this.dataSource): Promise<Date> {
    const [row] = await sql<{ now: Date }>(on, 'SELECT clock_timestamp() AS now');
    return row!.now;
  }

  /** The watches of these mailboxes, each with the time at which it was read: its status is that of one clock. */
  async read(mailboxIds: string[]): Promise<StoredWatch[]> {
    return sql(
      this.dataSource,
      `SELECT mailbox_id AS "mailboxId", label_ids AS "labelIds", label_filter_behavior AS "labelFilterBehavior",
         requested_at AS "requestedAt", expires_at AS "expiresAt", renew_at AS "renewAt", stopped_at AS "stoppedAt",
         last_error AS "lastError", clock_timestamp() AS "readAt"
       FROM watches WHERE mailbox_id = ANY ($1)`,
      [mailboxIds],
    );
  }

  /**
   * Watches of active mailboxes that were due when the run began, in order of expiry: what is nearest to being lost comes
   * first.
   *
   * @param startedAt as `startRun` gave it
   * @param except mailboxes that are left alone
   */
  async claimDue(limit: number, startedAt: string, except: string[]): Promise<string[]> {
    const rows = await sql<{ mailbox_id: string }>(
      this.dataSource,
      `UPDATE watches w SET claimed_by = $1, claimed_until = now() + $2 * interval '1 second'
       FROM (SELECT w.mailbox_id FROM watches w JOIN mailboxes m ON m.id = w.mailbox_id
             WHERE w.stopped_at IS NULL AND w.renew_at <= $5::timestamptz AND m.status = 'active'
               AND (w.claimed_until IS NULL OR w.claimed_until < now()) AND w.mailbox_id <> ALL ($4)
             ORDER BY w.expires_at NULLS FIRST LIMIT $3 FOR UPDATE OF w SKIP LOCKED) due
       WHERE w.mailbox_id = due.mailbox_id RETURNING w.mailbox_id`,
      [REPLICA, CLAIM_SECONDS, limit, except, startedAt],
    );
    return rows.map((row) => row.mailbox_id);
  }

  /** @returns the beginning of a run of the renewal job, as text: it is more exact than a `Date` */
  async startRun(): Promise<string> {
    const [row] = await sql<{ now: string }>(this.dataSource, 'SELECT clock_timestamp()::text AS now');
    return row!.now;
  }

  /** @returns the filter of a watch that is still due; undefined when it was renewed or stopped meanwhile */
  async due(mailboxId: string): Promise<LabelFilter | undefined> {
    const [row] = await sql<LabelFilter>(
      this.dataSource,
      `SELECT label_ids AS "labelIds", label_filter_behavior AS "labelFilterBehavior" FROM watches
       WHERE mailbox_id = $1 AND stopped_at IS NULL AND renew_at <= now()`,
      [mailboxId],
    );
    return row;
  }

  /** These are to be renewed at once, unless they wait after a refusal. */
  async expedite(mailboxIds: string[]): Promise<void> {
    await sql(
      this.dataSource,
      `UPDATE watches SET renew_at = now()
       WHERE mailbox_id = ANY ($1) AND renew_at > now() AND stopped_at IS NULL AND failures = 0`,
      [mailboxIds],
    );
  }

  /** It no longer lives, if it did: it was stopped to be started afresh, and that failed. */
  async ended(mailboxId: string): Promise<void> {
    await sql(
      this.dataSource,
      'UPDATE watches SET expires_at = now() WHERE mailbox_id = $1 AND expires_at > now()',
      [mailboxId],
    );
  }

  async release(mailboxId: string): Promise<void> {
    await sql(
      this.dataSource,
      'UPDATE watches SET claimed_by = NULL, claimed_until = NULL WHERE mailbox_id = $1 AND claimed_by = $2',
      [mailboxId, REPLICA],
    );
  }

  async renewClaims(): Promise<void> {
    await sql(
      this.dataSource,
      `UPDATE watches SET claimed_until = now() + $2 * interval '1 second' WHERE claimed_by = $1 AND claimed_until > now()`,
      [REPLICA, CLAIM_SECONDS],
    );
  }

  /** Watches that ran out and have not been reported yet. */
  async unreportedExpiries(): Promise<string[]> {
    const rows = await sql<{ mailbox_id: string }>(
      this.dataSource,
      `SELECT mailbox_id FROM watches
       WHERE stopped_at IS NULL AND expires_at <= now() AND NOT expiry_reported ORDER BY expires_at LIMIT $1`,
      [MAX_EXPIRIES_A_RUN],
    );
    return rows.map((row) => row.mailbox_id);
  }

  /** @returns when it expired and why it was not renewed; undefined when it was reported or renewed meanwhile */
  async markExpiryReported(
    manager: EntityManager,
    mailboxId: string,
  ): Promise<{ expiresAt: Date; error: LastError | null } | undefined> {
    const [row] = await sql<{ expires_at: Date; last_error: LastError | null }>(
      manager,
      `UPDATE watches SET expiry_reported = true
       WHERE mailbox_id = $1 AND stopped_at IS NULL AND expires_at <= now() AND NOT expiry_reported
       RETURNING expires_at, last_error`,
      [mailboxId],
    );
    return row && { expiresAt: row.expires_at, error: row.last_error };
  }

  /**
   * A watch is wanted for a mailbox that is being connected. One that lives stays as it is until Google has answered; any
   * other is due for the renewal job, a little later than whoever asks Google right now takes.
   */
  async request(manager: EntityManager, mailboxId: string, filter: LabelFilter): Promise<void> {
    const soon = `now() + interval '${REQUEST_GRACE}'`;
    await sql(
      manager,
      `INSERT INTO watches AS w (mailbox_id, label_ids, label_filter_behavior, renew_at) VALUES ($1, $2, $3, ${soon})
       ON CONFLICT (mailbox_id) DO UPDATE SET
         label_ids = CASE WHEN ${LIVES} THEN w.label_ids ELSE $2 END,
         label_filter_behavior = CASE WHEN ${LIVES} THEN w.label_filter_behavior ELSE $3 END,
         requested_at = CASE WHEN ${LIVES} THEN w.requested_at ELSE now() END,
         expires_at = CASE WHEN w.stopped_at IS NULL THEN w.expires_at END,
         renew_at = CASE WHEN ${LIVES} THEN least(w.renew_at, ${soon}) ELSE ${soon} END,
         stopped_at = NULL, failures = 0, failure_reported = false, last_error = NULL`,
      [mailboxId, filter.labelIds, filter.labelFilterBehavior],
    );
  }

  /** Google granted the watch. That labels were dropped stays reported until somebody sets a filter. */
  async granted(
    manager: EntityManager,
    mailboxId: string,
    filter: LabelFilter,
    grant: { expiresAt: Date; renewAt: Date; asked: boolean; lastError: LastError | null },
  ): Promise<void> {
    await sql(
      manager,
      `INSERT INTO watches AS w (mailbox_id, label_ids, label_filter_behavior, expires_at, renew_at, last_error)
       VALUES ($1, $2, $3, $4, $5, $7)
       ON CONFLICT (mailbox_id) DO UPDATE SET label_ids = $2, label_filter_behavior = $3, expires_at = $4, renew_at = $5,
         requested_at = CASE WHEN $6 THEN now() ELSE w.requested_at END,
         expiry_reported = false, failure_reported = false, stopped_at = NULL, failures = 0,
         last_error = coalesce($7::json, CASE WHEN NOT $6 AND w.last_error ->> 'code' = 'label_missing' THEN w.last_error END)`,
      [
        mailboxId,
        filter.labelIds,
        filter.labelFilterBehavior,
        grant.expiresAt,
        grant.renewAt,
        grant.asked,
        grant.lastError && JSON.stringify(grant.lastError),
      ],
    );
  }

  /**
   * Google refused, or did not answer. A watch that lives keeps its filter: what was asked for without success is remembered only
   * where there is none.
   *
   * @returns how often in a row that was, whether that has been reported, and when the watch runs out that was granted before
   */
  async refused(
    manager: EntityManager,
    mailboxId: string,
    filter: LabelFilter,
    error: LastError,
    asked: boolean,
  ): Promise<{ failures: number; reported: boolean; expiresAt: Date | null }> {
    const [row] = await sql<{ failures: number; failure_reported: boolean; expires_at: Date | null }>(
      manager,
      `INSERT INTO watches AS w (mailbox_id, label_ids, label_filter_behavior, failures, last_error)
       VALUES ($1, $2, $3, 1, $4)
       ON CONFLICT (mailbox_id) DO UPDATE SET failures = w.failures + 1, last_error = $4,
         label_ids = CASE WHEN ${LIVES} THEN w.label_ids ELSE $2 END,
         label_filter_behavior = CASE WHEN ${LIVES} THEN w.label_filter_behavior ELSE $3 END,
         requested_at = CASE WHEN $5 THEN now() ELSE w.requested_at END,
         stopped_at = CASE WHEN $5 THEN NULL ELSE w.stopped_at END,
         expires_at = CASE WHEN $5 AND w.stopped_at IS NOT NULL THEN NULL ELSE w.expires_at END
       RETURNING failures, failure_reported, expires_at`,
      [mailboxId, filter.labelIds, filter.labelFilterBehavior, JSON.stringify(error), asked],
    );
    return { failures: row!.failures, reported: row!.failure_reported, expiresAt: row!.expires_at };
  }

  async scheduleRetry(manager: EntityManager, mailboxId: string, at: Date, reported: boolean): Promise<void> {
    await sql(
      manager,
      'UPDATE watches SET renew_at = $2, failure_reported = failure_reported OR $3 WHERE mailbox_id = $1',
      [mailboxId, at, reported],
    );
  }

  /** @param grace milliseconds after which a due watch should have been taken up */
  async countOverdue(grace: number): Promise<number> {
    const [row] = await sql<{ count: number }>(
      this.dataSource,
      // Each of them by an index of its own: they are few among all.
      `SELECT count(*)::int AS count FROM (
         SELECT mailbox_id FROM watches WHERE stopped_at IS NULL AND expires_at IS NULL
         UNION SELECT mailbox_id FROM watches WHERE stopped_at IS NULL AND expires_at <= now()
         UNION SELECT mailbox_id FROM watches WHERE stopped_at IS NULL AND failures > 0
         UNION SELECT mailbox_id FROM watches WHERE stopped_at IS NULL AND renew_at < now() - 2 * $1 * interval '1 ms') late
       JOIN mailboxes ON mailboxes.id = mailbox_id WHERE status = 'active'`,
      [grace],
    );
    return row!.count;
  }

  async stopped(manager: EntityManager, mailboxId: string): Promise<void> {
    await sql(
      manager,
      `UPDATE watches SET stopped_at = coalesce(stopped_at, now()), renew_at = NULL, failures = 0, last_error = NULL
       WHERE mailbox_id = $1`,
      [mailboxId],
    );
  }
}

const LIVES = '(w.stopped_at IS NULL AND w.expires_at > now())';
