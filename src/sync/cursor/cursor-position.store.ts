import { isDeepStrictEqual } from 'node:util';
import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { SyncSettings } from '../../config/settings';
import { prepared } from '../../database/prepared';
import { arrayLiteral, RowColumns } from '../../database/row-columns';
import { sql, type SqlExecutor } from '../../database/sql';
import type { LabelFilter } from '../../gmail/label-filter';
import { MAX_ATTEMPTS_TOGETHER } from './poison';
import { RETURNED } from './sync-claim.store';
import { SupersededError } from './sync.errors';
import type { SyncClaim, SyncEnd } from './sync.types';

/** The waits between two reads while history lags behind a notification. */
const MIN_WAIT_BEHIND = '250 ms';
const MAX_WAIT_BEHIND = '30 seconds';

/**
 * Where a mailbox's cursor is, in SQL: the compare-and-set that moves it. Everything that a notification may change at
 * the same moment is decided by the statement on the row itself, never by what was read before.
 */
@Injectable()
export class CursorPositionStore {
  constructor(
    private readonly dataSource: DataSource,
    private readonly settings: SyncSettings,
  ) {}

  /** The filter in force now: a record is filtered by that of the moment in which it is read. */
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
   * Takes over the filter in force now, if it is another than that of the claim. Its snapshot is one of the past then.
   *
   * @returns whether it is
   */
  async refreshFilter(claim: SyncClaim): Promise<boolean> {
    const filter = await this.filter(claim.mailboxId);
    if (isDeepStrictEqual(filter, claim.filter)) return false;
    Object.assign(claim, { filter, snapshot: null });
    return true;
  }

  /**
   * Moves the cursor in the middle of a run, keeping the claim. What is left of the run is the first attempt at its new
   * place; a run that takes records one by one stays at that, for what it was to find may still come.
   *
   * @throws SupersededError when it did not stand where the run took it to stand, or another filter is in force: nothing may
   * be appended
   */
  async advance(on: SqlExecutor, { mailboxId, filter }: SyncClaim, from: bigint, to: bigint): Promise<void> {
    const rows = await sql(
      on,
      `UPDATE mailbox_cursors SET history_id = $3,
         attempts = CASE WHEN attempts > ${MAX_ATTEMPTS_TOGETHER} THEN ${MAX_ATTEMPTS_TOGETHER} + 1 ELSE 1 END
       WHERE mailbox_id = $1 AND history_id = $2 AND NOT paused AND label_ids = $4 AND label_filter_behavior = $5
       RETURNING 1`,
      [mailboxId, from.toString(), to.toString(), filter.labelIds, filter.labelFilterBehavior],
    );
    if (rows.length === 0) throw new SupersededError();
  }

  /**
   * Moves the cursor to the end of a run, returns the claim and decides when the mailbox is due next: at once when it
   * was hinted or asked for again meanwhile, soon while history lags behind the hint, else when it may be quiet no longer.
   *
   * @param on the transaction that appends the run's events; none needed when there are none
   * @returns in how many milliseconds the mailbox is due again; null: not by the clock
   * @throws SupersededError when the cursor did not stand where the run took it to stand, or another filter is in force
   */
  async finish(claim: SyncClaim, end: SyncEnd, on: SqlExecutor = this.dataSource): Promise<number | null> {
    const [row] = await sql<{ due_in: number | null }>(
      on,
      FINISH,
      ENDS.parameters([this.ending(claim, end)]),
    );
    if (!row) throw new SupersededError();
    return row.due_in;
  }

  /** What `finishing` needs to know of the end of a run. */
  ending(claim: SyncClaim, end: SyncEnd): RunEnding {
    return { claim, end, quietMs: this.settings.reconcileInterval };
  }
}

export interface RunEnding {
  claim: SyncClaim;
  end: SyncEnd;
  /** Until the mailbox is read although no notification has come. */
  quietMs: number;
}

/** The ends of runs as rows. No column has a name that `mailbox_cursors` has. */
export const ENDS = new RowColumns<RunEnding>({
  of_mailbox: ['text', ({ claim }) => claim.mailboxId],
  from_history: ['bigint', ({ end }) => end.from.toString()],
  to_history: ['bigint', ({ end }) => end.to.toString()],
  known_requests: ['bigint', ({ claim }) => claim.requestCount],
  known_hint: ['bigint', ({ claim }) => claim.notifiedHistoryId?.toString() ?? null],
  hint_is_overdue: ['boolean', ({ claim }) => claim.hintIsOverdue],
  quiet_ms: ['float8', ({ quietMs }) => quietMs],
  found_in_silence: ['boolean', ({ claim, end }) => claim.lane === 'reconcile' && end.found],
  history_at_claim: ['bigint', ({ claim }) => claim.historyId.toString()],
  filter_labels: ['text', ({ claim }) => arrayLiteral(claim.filter.labelIds)],
  filter_behavior: ['text', ({ claim }) => claim.filter.labelFilterBehavior],
});

const SAME_HINT = 'notified_history_id IS NOT DISTINCT FROM known_hint';
const BEHIND = `(notified_history_id > to_history AND NOT (hint_is_overdue AND ${SAME_HINT}))`;
const QUIET_UNTIL = `(now() + quiet_ms * interval '1 ms')`;

/** Of the notifications, those that the history read so far does not reach. */
const STILL_AWAITED = `ARRAY(SELECT text FROM unnest(notifications) text WHERE split_part(text, ' ', 1)::bigint > to_history)`;

/** In SQL: that a cursor is where the run took it to be, with the same filter. */
export const UNMOVED = `mailbox_id = of_mailbox AND history_id = from_history AND NOT paused
  AND label_ids = filter_labels::text[] AND label_filter_behavior = filter_behavior`;

/**
 * In SQL: ends runs.
 *
 * @param ends a relation that has the columns of `ENDS`
 */
export const finishing = (ends: string) => `
  UPDATE mailbox_cursors SET history_id = to_history, last_sync_at = now(), last_error = NULL, failures = 0, attempts = 0,
    not_before = NULL, gap_found_at = NULL, ${RETURNED},
    notified_history_id = CASE WHEN ${BEHIND} THEN notified_history_id ELSE least(notified_history_id, to_history) END,
    notifications = CASE WHEN ${BEHIND} THEN ${STILL_AWAITED} ELSE '{}' END,
    behind_since = CASE WHEN ${BEHIND} THEN coalesce(behind_since, now()) END,
    silent_syncs = CASE WHEN found_in_silence AND (notified_history_id > history_at_claim) IS NOT TRUE
      THEN silent_syncs + 1 ELSE silent_syncs END,
    reconcile_at = CASE WHEN reconcile_until > now() THEN ${QUIET_UNTIL} END,
    next_sync_at = CASE
      WHEN request_count <> known_requests THEN now()
      WHEN ${BEHIND} AND NOT (${SAME_HINT}) THEN now()
      WHEN ${BEHIND} THEN now() + least(interval '${MAX_WAIT_BEHIND}',
                                        greatest(interval '${MIN_WAIT_BEHIND}', now() - behind_since))
      WHEN reconcile_until > now() THEN ${QUIET_UNTIL} END
  FROM ${ends} WHERE ${UNMOVED}`;

/** In SQL: in how many milliseconds a mailbox is due again that has just been finished. */
export const DUE_IN = '(extract(epoch FROM next_sync_at - now()) * 1000)::float AS due_in';

const FINISH = prepared(`${finishing(ENDS.relation('run', 1))} RETURNING ${DUE_IN}`);
