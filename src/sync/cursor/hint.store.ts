import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { ROW_LOCKED, type RowOutcome } from '../../background/row-batcher';
import { prepared } from '../../database/prepared';
import { sql } from '../../database/sql';
import { DATABASE_NOW } from '../../event/notification-trace';
import { canonicalAddress, spellingsOf } from '../../mailbox/email-address';

/** The highest notification of one mailbox among those that are recorded together. */
export interface HintRow {
  emailAddress: string;
  historyId: bigint;
  /** The notification's trace, as text. */
  trace: string;
  /** How long ago it was received. */
  ageMs: number;
}

/** At most so many notifications are kept until a sync answers them: more come only when it cannot. */
const MAX_NOTIFICATIONS = 4;

/** `news`: the mailbox is due. `known`: nothing that was not known. `unknown_mailbox`: none of ours, or disconnected. */
export type HintOutcome = 'news' | 'known' | 'unknown_mailbox';

/** Hints in SQL. */
@Injectable()
export class HintStore {
  constructor(private readonly dataSource: DataSource) {}

  /**
   * @param hints one for each canonical address; a mailbox may be known under another spelling
   * @returns what became of each, by canonical address; without those that are no mailbox of ours
   */
  async record(hints: HintRow[]): Promise<Map<string, RowOutcome<HintOutcome>>> {
    const spelled = hints.flatMap((hint) =>
      spellingsOf(hint.emailAddress).map((address) => ({ address, hint })),
    );
    const rows = await sql<{ email_address: string; ahead: boolean | null }>(this.dataSource, RECORD, [
      spelled.map(({ address }) => address),
      spelled.map(({ hint }) => hint.historyId.toString()),
      spelled.map(({ hint }) => hint.trace),
      spelled.map(({ hint }) => hint.ageMs),
    ]);
    return new Map(rows.map((row) => [canonicalAddress(row.email_address), outcomeOf(row.ahead)]));
  }
}

function outcomeOf(ahead: boolean | null): RowOutcome<HintOutcome> {
  if (ahead === null) return ROW_LOCKED;
  return ahead ? 'news' : 'known';
}

/**
 * One statement for all hints of a batch. It waits for no row: one that another session holds delays its own mailbox
 * only. A back-off after failures is not shortened, nor is a wait that Google asked for.
 */
const RECORD = prepared(`
  WITH hint AS (
    SELECT m.email_address, c.mailbox_id, h.history_id, h.trace, h.age
    FROM unnest($1::text[], $2::bigint[], $3::text[], $4::float8[]) AS h (email_address, history_id, trace, age)
    JOIN mailboxes m ON m.email_address = h.email_address AND m.status <> 'disconnected' AND m.holds_address
    JOIN mailbox_cursors c ON c.mailbox_id = m.id
  ), held AS MATERIALIZED (
    SELECT hint.*, hint.history_id > greatest(c.history_id, c.notified_history_id) IS NOT FALSE AS ahead
    FROM hint JOIN mailbox_cursors c ON c.mailbox_id = hint.mailbox_id FOR NO KEY UPDATE OF c SKIP LOCKED
  ), recorded AS (
    UPDATE mailbox_cursors c SET
      last_notification_at = now(), silent_syncs = 0,
      notifications = CASE WHEN held.ahead AND NOT c.paused AND cardinality(c.notifications) < ${MAX_NOTIFICATIONS}
        THEN c.notifications || concat_ws(' ', held.history_id, floor(${DATABASE_NOW} - held.age)::bigint, held.trace)
        ELSE c.notifications END,
      notified_history_id = greatest(c.notified_history_id, held.history_id),
      -- An overdue reconcile of which a notification comes is news.
      reconcile_at = CASE WHEN held.ahead THEN NULL ELSE c.reconcile_at END,
      next_sync_at = CASE WHEN held.ahead AND NOT c.paused AND c.history_id IS NOT NULL AND c.failures = 0
                          THEN least(c.next_sync_at, greatest(now(), c.not_before)) ELSE c.next_sync_at END
    FROM held WHERE c.mailbox_id = held.mailbox_id
    RETURNING held.email_address, held.ahead
  )
  TABLE recorded
  UNION ALL SELECT email_address, NULL FROM hint WHERE email_address NOT IN (SELECT email_address FROM recorded)`);
