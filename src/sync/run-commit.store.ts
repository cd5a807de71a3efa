import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { prepared } from '../database/prepared';
import { sql } from '../database/sql';
import type { NewEvent } from '../event/event.types';
import { MAX_INSERT_SIZE, NEW_EVENT_ROWS, sizeOf, toNewEventRow } from '../event/log/new-event-rows';
import { CursorPositionStore, finishing } from './cursor/cursor-position.store';
import type { SyncClaim, SyncEnd } from './cursor/sync.types';
import { ON_CONFLICT_REPLACE, SNAPSHOT_ROWS, type SnapshotRow } from './snapshot/snapshot-rows.store';

/** What the end of a run commits. */
export interface RunEnd {
  claim: SyncClaim;
  end: SyncEnd;
  events: NewEvent[];
  /** How messages stand in the snapshot of the claim. */
  states: SnapshotRow[];
}

/** The end of a run in one statement: what most of them need. */
@Injectable()
export class RunCommitStore {
  constructor(
    private readonly dataSource: DataSource,
    private readonly positions: CursorPositionStore,
  ) {}

  /**
   * Appends the events, moves the cursor and the snapshot, and returns the claim: all of it, or nothing when the cursor, the
   * filter or the snapshot are not what the run took them to be, or the events are too large for one statement.
   *
   * @returns undefined when nothing was done; else which events were new, and in how many milliseconds the mailbox is due
   */
  async commit({
    claim,
    end,
    events,
    states,
  }: RunEnd): Promise<{ fresh: NewEvent[]; dueIn: number | null } | undefined> {
    const rows = events.map(toNewEventRow);
    if (sizeOf(rows) > MAX_INSERT_SIZE) return undefined;
    const { id, labels } = claim.snapshot!;
    const [row] = await sql<{ due_in: number | null; fresh: number[] }>(this.dataSource, COMMIT, [
      ...this.positions.finishParameters(claim, end),
      id,
      labels,
      ...NEW_EVENT_ROWS.parameters(rows),
      ...SNAPSHOT_ROWS.parameters(states),
    ]);
    return row && { fresh: row.fresh.map((place) => events[place - 1]!), dueIn: row.due_in };
  }
}

/**
 * The lock comes before anything is written (see `append_lock`). What is locked or updated is taken as it is then, however
 * old the statement's own view of the database; what is read within the functions is read anew by them.
 */
const COMMIT = prepared(`
  WITH locked AS MATERIALIZED (SELECT append_lock($1)),
  snapshot AS MATERIALIZED (
    SELECT id FROM locked CROSS JOIN mailbox_snapshots WHERE id = $12 AND state = 'ready' AND labels = $13
    FOR SHARE OF mailbox_snapshots),
  finished AS (${finishing('snapshot')}),
  kept AS (
    INSERT INTO snapshot_messages AS m (message_id, thread_id, snapshot_id, labels)
    SELECT message_id, thread_id, $12, labels::smallint[]
    FROM finished CROSS JOIN ${SNAPSHOT_ROWS.relation('new', 14 + NEW_EVENT_ROWS.count)}
    WHERE labels IS NOT NULL ORDER BY message_id
    ${ON_CONFLICT_REPLACE}),
  gone AS (
    DELETE FROM snapshot_messages m
    USING finished CROSS JOIN ${SNAPSHOT_ROWS.relation('new', 14 + NEW_EVENT_ROWS.count)}
    WHERE m.snapshot_id = $12 AND m.message_id = new.message_id AND new.labels IS NULL)
  SELECT due_in, fresh FROM finished CROSS JOIN LATERAL append_events($1, ${NEW_EVENT_ROWS.arrays(14)})`);
