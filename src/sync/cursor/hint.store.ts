import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { CLAIM_SECONDS, REPLICA } from '../../background/replica';
import { ROW_LOCKED, type RowOutcome } from '../../background/row-batcher';
import { prepared } from '../../database/prepared';
import { RowColumns } from '../../database/row-columns';
import { sql } from '../../database/sql';
import { DATABASE_NOW } from '../../event/notification-trace';
import { canonicalAddress, spellingsOf } from '../../mailbox/email-address';
import {
  CLAIM_COLUMNS,
  CLAIM_ENDS,
  CLAIMED_SNAPSHOT,
  type ClaimRow,
  isUnclaimed,
  toClaim,
} from './sync-claim.store';
import type { SyncClaim } from './sync.types';

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

/** What became of hints. */
export interface RecordedHints {
  /** By canonical address; without those that are no mailbox of ours. */
  outcomes: Map<string, RowOutcome<HintOutcome>>;
  /** Mailboxes that were claimed for this replica at once. */
  claims: SyncClaim[];
  /** Whether others are due, which nobody has claimed. */
  areOthersDue: boolean;
}

/** Hints in SQL. */
@Injectable()
export class HintStore {
  constructor(private readonly dataSource: DataSource) {}

  /**
   * @param hints one for each canonical address; a mailbox may be known under another spelling
   * @param places how many mailboxes that become due are claimed, at most: those that nobody has claimed
   */
  async record(hints: HintRow[], places: number): Promise<RecordedHints> {
    const spelled = hints.flatMap((hint) =>
      spellingsOf(hint.emailAddress).map((emailAddress) => ({ ...hint, emailAddress })),
    );
    const parameters = [REPLICA, CLAIM_SECONDS, places, ...HINTS.parameters(spelled)];
    const rows = await sql<RecordedRow>(this.dataSource, RECORD, parameters);
    return {
      outcomes: new Map(rows.map((row) => [canonicalAddress(row.email_address), outcomeOf(row.ahead)])),
      claims: rows.filter(({ is_taken }) => is_taken).map(toClaim),
      areOthersDue: rows.some(({ ahead, is_taken }) => ahead && !is_taken),
    };
  }
}

interface RecordedRow extends ClaimRow {
  email_address: string;
  /** Null: the row is locked. */
  ahead: boolean | null;
  is_taken: boolean | null;
}

function outcomeOf(ahead: boolean | null): RowOutcome<HintOutcome> {
  if (ahead === null) return ROW_LOCKED;
  return ahead ? 'news' : 'known';
}

const HINTS = new RowColumns<HintRow>({
  address: ['text', ({ emailAddress }) => emailAddress],
  history_id: ['bigint', ({ historyId }) => historyId.toString()],
  trace: ['text', ({ trace }) => trace],
  age: ['float8', ({ ageMs }) => ageMs],
});

/**
 * One statement for all hints of a batch. It waits for no row: one that another session holds delays its own mailbox
 * only. A back-off after failures is not shortened, nor is a wait that Google asked for.
 *
 * A mailbox that becomes due now, and is claimed by nobody, is claimed as `SyncClaimStore.claim` would a moment later.
 */
const RECORD = prepared(`
  WITH hint AS (
    SELECT m.email_address, m.revision, c.mailbox_id, h.history_id, h.trace, h.age
    FROM ${HINTS.relation('h', 4)}
    JOIN mailboxes m ON m.email_address = h.address AND m.status <> 'disconnected' AND m.holds_address
    JOIN mailbox_cursors c ON c.mailbox_id = m.id
  ), held AS MATERIALIZED (
    SELECT hint.*, hint.history_id > greatest(c.history_id, c.notified_history_id) IS NOT FALSE AS ahead,
      ${isUnclaimed('c')} AND c.failures = 0 AND c.gap_found_at IS NULL AND (c.not_before IS NULL OR c.not_before <= now()) AS is_free
    FROM hint JOIN mailbox_cursors c ON c.mailbox_id = hint.mailbox_id FOR NO KEY UPDATE OF c SKIP LOCKED
  ), due AS (
    SELECT held.*, 'news' AS lane, ${CLAIMED_SNAPSHOT},
      ahead AND is_free AND count(*) FILTER (WHERE ahead AND is_free) OVER (ORDER BY held.mailbox_id) <= $3 AS is_taken
    FROM held LEFT JOIN mailbox_snapshots s ON s.mailbox_id = held.mailbox_id
  ), recorded AS (
    UPDATE mailbox_cursors c SET
      last_notification_at = now(), silent_syncs = 0,
      notifications = CASE WHEN ahead AND NOT c.paused AND cardinality(c.notifications) < ${MAX_NOTIFICATIONS}
        THEN c.notifications || concat_ws(' ', due.history_id, floor(${DATABASE_NOW} - due.age)::bigint, due.trace)
        ELSE c.notifications END,
      notified_history_id = greatest(c.notified_history_id, due.history_id),
      -- An overdue reconcile of which a notification comes is news.
      reconcile_at = CASE WHEN ahead THEN NULL ELSE c.reconcile_at END,
      next_sync_at = CASE WHEN ahead AND NOT c.paused AND c.history_id IS NOT NULL AND c.failures = 0
                          THEN least(c.next_sync_at, greatest(now(), c.not_before)) ELSE c.next_sync_at END,
      claimed_by = CASE WHEN is_taken THEN $1 ELSE c.claimed_by END,
      claimed_until = CASE WHEN is_taken THEN ${CLAIM_ENDS} ELSE c.claimed_until END,
      attempts = CASE WHEN is_taken THEN c.attempts + 1 ELSE c.attempts END
    FROM due WHERE c.mailbox_id = due.mailbox_id
    RETURNING due.email_address AS address, ahead, is_taken, ${CLAIM_COLUMNS}
  )
  SELECT address AS email_address, * FROM recorded
  UNION ALL
  SELECT email_address, nothing.* FROM hint LEFT JOIN (SELECT * FROM recorded LIMIT 0) nothing ON true
  WHERE email_address NOT IN (SELECT address FROM recorded)`);
