import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { CLAIM_SECONDS, REPLICA } from '../../background/replica';
import type { LastError } from '../../common/last-error';
import { sql, type SqlExecutor } from '../../database/sql';
import { KeptData } from '../../erasure/kept-data';
import type { LabelFilter } from '../../gmail/label-filter';
import { MAX_ATTEMPTS_TOGETHER } from '../cursor/poison';
import { suspectMessage } from '../cursor/suspect.store';
import { SupersededError } from '../cursor/sync.errors';
import { MARGIN_MS } from '../gap/messages-by-date.service';
import type { BackfillClaim, BackfillView } from './backfill.types';

const RETURNED = 'claimed_by = NULL, claimed_until = NULL, suspect_message_id = NULL';

/** Where a claim still stands: nobody has taken it over, and nothing was decided meanwhile that changes what is to be read. */
const STANDS = `b.mailbox_id = $1 AND b.claimed_by = $2 AND b.since = $3 AND EXISTS (
  SELECT FROM mailbox_cursors c WHERE c.mailbox_id = b.mailbox_id AND NOT c.paused AND c.gap_found_at IS NULL
    AND c.label_ids = $4 AND c.label_filter_behavior = $5)`;

interface ClaimRow {
  mailbox_id: string;
  revision: number;
  label_ids: string[];
  label_filter_behavior: LabelFilter['labelFilterBehavior'];
  history_id: string;
  since: Date;
  until: Date;
  position: Date | null;
  failures: number;
  attempts: number;
}

interface ViewRow {
  mailbox_id: string;
  since: Date;
  position: Date | null;
  recovered: string;
  created_at: Date;
  last_error: LastError | null;
}

/** Backfills under way, in SQL. */
@Injectable()
export class BackfillStore {
  constructor(
    private readonly dataSource: DataSource,
    kept: KeptData,
  ) {
    kept.addRows({ table: 'backfills', where: 'mailbox_id = $1' });
  }

  /** @returns false when one is under way, or the mailbox is not active */
  async add(mailboxId: string, since: Date): Promise<boolean> {
    const rows = await sql(
      this.dataSource,
      `INSERT INTO backfills (mailbox_id, since)
       SELECT mailbox_id, $2 FROM mailbox_cursors WHERE mailbox_id = $1 AND NOT paused FOR SHARE
       ON CONFLICT (mailbox_id) DO NOTHING RETURNING 1`,
      [mailboxId, since],
    );
    return rows.length > 0;
  }

  /** One that is under way reaches back so far too. What it has reported already it does not report again. */
  async extend(on: SqlExecutor, mailboxId: string, since: Date): Promise<void> {
    await sql(
      on,
      `INSERT INTO backfills AS known (mailbox_id, since) VALUES ($1, $2)
       ON CONFLICT (mailbox_id) DO UPDATE SET since = excluded.since, position = NULL
       WHERE known.since > excluded.since`,
      [mailboxId, since],
    );
  }

  async isRunning(mailboxId: string): Promise<boolean> {
    const query = 'SELECT 1 FROM backfills WHERE mailbox_id = $1';
    return (await sql(this.dataSource, query, [mailboxId])).length > 0;
  }

  async views(mailboxIds: string[]): Promise<Map<string, BackfillView>> {
    const rows = await sql<ViewRow>(
      this.dataSource,
      `SELECT mailbox_id, since, position, recovered, created_at, last_error FROM backfills WHERE mailbox_id = ANY ($1)`,
      [mailboxIds],
    );
    return new Map(rows.map((row) => [row.mailbox_id, toView(row)]));
  }

  /** It ends where it is: a run under way has nothing to write to. */
  async cancel(on: SqlExecutor, mailboxId: string): Promise<void> {
    await sql(on, 'DELETE FROM backfills WHERE mailbox_id = $1', [mailboxId]);
  }

  /** The filter that is in force for a mailbox. */
  async filter(mailboxId: string): Promise<LabelFilter> {
    const [row] = await sql<LabelFilter>(
      this.dataSource,
      `SELECT label_ids AS "labelIds", label_filter_behavior AS "labelFilterBehavior"
       FROM mailbox_cursors WHERE mailbox_id = $1`,
      [mailboxId],
    );
    return row ?? { labelIds: [], labelFilterBehavior: 'include' };
  }

  /** Takes those that have waited the longest. Mailboxes that may not be read, or have a gap to be repaired, wait on. */
  async claim(limit: number): Promise<BackfillClaim[]> {
    const rows = await sql<ClaimRow>(
      this.dataSource,
      `UPDATE backfills b SET claimed_by = $1, claimed_until = now() + $2 * interval '1 second', attempts = b.attempts + 1,
         until = coalesce(b.until, now() + ${MARGIN_MS} * interval '1 ms')
       FROM (SELECT b.mailbox_id, m.revision, c.history_id, c.label_ids, c.label_filter_behavior
             FROM backfills b JOIN mailbox_cursors c USING (mailbox_id) JOIN mailboxes m ON m.id = b.mailbox_id
             WHERE b.due_at <= now() AND (b.claimed_until IS NULL OR b.claimed_until < now())
               AND NOT c.paused AND c.history_id IS NOT NULL AND c.gap_found_at IS NULL
               AND (c.not_before IS NULL OR c.not_before <= now())
             ORDER BY b.due_at LIMIT $3 FOR UPDATE OF b SKIP LOCKED) due
       WHERE b.mailbox_id = due.mailbox_id
       RETURNING b.mailbox_id, due.revision, due.label_ids, due.label_filter_behavior, due.history_id,
         b.since, b.until, b.position, b.failures, b.attempts`,
      [REPLICA, CLAIM_SECONDS, limit],
    );
    return rows.map(toClaim);
  }

  /**
   * Counts messages that the same transaction has appended.
   *
   * @throws SupersededError when nothing may be appended
   */
  async addRecovered(manager: EntityManager, claim: BackfillClaim, count: number): Promise<void> {
    const text = `UPDATE backfills b SET recovered = recovered + $6 WHERE ${STANDS} RETURNING 1`;
    await this.change(manager, text, claim, count);
  }

  /** Everything from before that time is done. What is left is the first attempt at its new place. @throws SupersededError */
  async move(claim: BackfillClaim, position: number): Promise<void> {
    const text = `UPDATE backfills b SET position = $6, failures = 0, last_error = NULL,
        attempts = CASE WHEN attempts > ${MAX_ATTEMPTS_TOGETHER} THEN ${MAX_ATTEMPTS_TOGETHER} + 1 ELSE 1 END
      WHERE ${STANDS} RETURNING 1`;
    await this.change(this.dataSource, text, claim, new Date(position));
    claim.position = position;
  }

  /** The end. @returns how many messages were added in all @throws SupersededError */
  async finish(manager: EntityManager, claim: BackfillClaim): Promise<number> {
    const [row] = await this.change<{ recovered: string }>(
      manager,
      `DELETE FROM backfills b WHERE ${STANDS} RETURNING recovered`,
      claim,
    );
    return Number(row!.recovered);
  }

  private async change<Row>(
    on: SqlExecutor,
    text: string,
    { mailboxId, since, filter }: BackfillClaim,
    ...more: unknown[]
  ): Promise<Row[]> {
    const { labelIds, labelFilterBehavior } = filter;
    const parameters = [mailboxId, REPLICA, new Date(since), labelIds, labelFilterBehavior, ...more];
    const rows = await sql<Row>(on, text, parameters);
    if (rows.length === 0) throw new SupersededError();
    return rows;
  }

  /** As `ReadingRun.suspect`. */
  suspect(mailboxId: string, messageId: string): Promise<number> {
    return suspectMessage(this.dataSource, 'backfills', mailboxId, messageId);
  }

  /** Returns a claim after a failure. @param counts whether it counts as an attempt at the messages */
  async fail(mailboxId: string, error: LastError, wait: number, counts: boolean): Promise<void> {
    await sql(
      this.dataSource,
      `UPDATE backfills SET failures = failures + 1, last_error = $3, due_at = now() + $4 * interval '1 ms', ${RETURNED},
         attempts = CASE WHEN $5 THEN attempts ELSE greatest(attempts - 1, 0) END
       WHERE mailbox_id = $1 AND claimed_by = $2`,
      [mailboxId, REPLICA, JSON.stringify(error), Math.round(wait), counts],
    );
  }

  /** Returns a claim for a while (ms). Nothing has failed. */
  async release(mailboxId: string, wait = 0): Promise<void> {
    await sql(
      this.dataSource,
      `UPDATE backfills SET due_at = now() + $3 * interval '1 ms', ${RETURNED}, attempts = greatest(attempts - 1, 0)
       WHERE mailbox_id = $1 AND claimed_by = $2`,
      [mailboxId, REPLICA, Math.round(wait)],
    );
  }

  /** A row that another session holds is not waited for. */
  async renew(claims: BackfillClaim[]): Promise<void> {
    await sql(
      this.dataSource,
      `UPDATE backfills b SET claimed_until = now() + $2 * interval '1 second'
       FROM (SELECT mailbox_id FROM backfills WHERE claimed_by = $1 AND claimed_until > now() AND mailbox_id = ANY ($3)
             FOR NO KEY UPDATE SKIP LOCKED) mine
       WHERE b.mailbox_id = mine.mailbox_id`,
      [REPLICA, CLAIM_SECONDS, claims.map(({ mailboxId }) => mailboxId)],
    );
  }
}

function toClaim(row: ClaimRow): BackfillClaim {
  return {
    mailboxId: row.mailbox_id,
    mailboxRevision: row.revision,
    filter: { labelIds: row.label_ids, labelFilterBehavior: row.label_filter_behavior },
    historyId: BigInt(row.history_id),
    since: row.since.getTime(),
    until: row.until.getTime(),
    position: row.position?.getTime() ?? null,
    failures: row.failures,
    attempts: row.attempts,
  };
}

function toView(row: ViewRow): BackfillView {
  return {
    since: row.since.toISOString(),
    position: row.position?.toISOString() ?? null,
    recovered: Number(row.recovered),
    startedAt: row.created_at.toISOString(),
    lastError: row.last_error,
  };
}
