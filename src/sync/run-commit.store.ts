import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { Batcher } from '../background/batcher';
import { CLAIM_SECONDS, REPLICA } from '../background/replica';
import { isConnectionError, isLockTimeout } from '../common/connection-error';
import { prepared } from '../database/prepared';
import { arrayLiteral } from '../database/row-columns';
import { sql } from '../database/sql';
import type { NewEvent, TakerOffer } from '../event/event.types';
import { type AppendedEvents, type AppendResultRow, toAppendedEvents } from '../event/log/append-result';
import {
  MAX_INSERT_SIZE,
  NEW_EVENT_ROWS,
  type NewEventRow,
  sizeOf,
  toNewEventRow,
} from '../event/log/new-event-rows';
import {
  CursorPositionStore,
  DUE_IN,
  ENDS,
  finishing,
  type RunEnding,
  UNMOVED,
} from './cursor/cursor-position.store';
import type { SyncClaim, SyncEnd } from './cursor/sync.types';
import { ON_CONFLICT_REPLACE, SNAPSHOT_ROWS, type SnapshotRow } from './snapshot/snapshot-rows.store';

/** What the end of a run commits. */
export interface RunEnd {
  claim: SyncClaim;
  end: SyncEnd;
  events: NewEvent[];
  /** How messages stand in the snapshot of the claim. */
  states: SnapshotRow[];
  /** Who would deliver the events. */
  offer: TakerOffer | undefined;
}

/** What was appended, and in how many milliseconds the mailbox is due again; null: not by the clock. */
export interface CommittedRun {
  appended: AppendedEvents;
  dueIn: number | null;
}

/** While one commit is flushed to the disk, another one is prepared. */
const BATCHING = { lanes: 2, maxItems: 50 };

/** Characters of JSON up to which a run shares its commit with others. */
const MAX_SHARED_SIZE = 256 * 1024;

/** How long a shared commit waits for rows that its appends need, of the mailbox of one of its runs. */
const MAX_LOCK_WAIT_MS = 100;

/**
 * The end of a run in one statement: what most of them need. Runs that end at the same time share it, as far as nobody else
 * holds their rows: a run of which a row is locked, or which makes the others fail, is committed alone.
 */
@Injectable()
export class RunCommitStore {
  private readonly batcher = new Batcher<EndingRun, CommittedRun | undefined>(
    (runs) => this.commitTogether(runs),
    BATCHING,
  );

  constructor(
    private readonly dataSource: DataSource,
    private readonly positions: CursorPositionStore,
  ) {}

  /**
   * Appends the events, moves the cursor and the snapshot, and returns the claim: all of it, or nothing when the cursor, the
   * filter or the snapshot are not what the run took them to be, or the events are too large for one statement.
   *
   * @returns undefined when nothing was done
   */
  async commit({ claim, end, events, states, offer }: RunEnd): Promise<CommittedRun | undefined> {
    const rows = events.map(toNewEventRow);
    const size = sizeOf(rows);
    if (size > MAX_INSERT_SIZE) return undefined;
    const isSmall = size <= MAX_SHARED_SIZE;
    const endpoints = isSmall ? (offer?.endpoints ?? []) : [];
    const ending = this.positions.ending(claim, end);
    const run = { ...ending, snapshot: claim.snapshot!, events, rows, states, endpoints };
    const committed = isSmall ? await this.batcher.add(run) : undefined;
    return committed ?? (await this.write(COMMIT_ALONE, [run]))[0];
  }

  private async commitTogether(runs: EndingRun[]): Promise<(CommittedRun | undefined)[]> {
    try {
      return await this.write(COMMIT_TOGETHER, runs);
    } catch (error) {
      if (isConnectionError(error) && !isLockTimeout(error)) throw error;
      // Nothing was written. Each tries alone, and the one that causes the fault waits, or gets its error.
      return runs.map(() => undefined);
    }
  }

  private async write(text: string, runs: EndingRun[]): Promise<(CommittedRun | undefined)[]> {
    const lastEvents = runs.map(({ events }) => events.length);
    for (let n = 1; n < runs.length; n++) lastEvents[n]! += lastEvents[n - 1]!;
    const numbered = runs.map((run, number) => ({ ...run, number, lastEvent: lastEvents[number]! }));
    const states = runs.flatMap((run, number) => run.states.map((state) => ({ ...state, number })));
    const rows = await sql<AppendResultRow & { number: number; due_in: number | null }>(
      this.dataSource,
      text,
      [
        REPLICA,
        CLAIM_SECONDS,
        ...RUNS.parameters(numbered),
        ...NEW_EVENT_ROWS.parameters(runs.flatMap((run) => run.rows)),
        ...STATES.parameters(states),
      ],
    );
    const committed = new Array<CommittedRun | undefined>(runs.length).fill(undefined);
    for (const row of rows) {
      const run = runs[row.number]!;
      committed[row.number] = {
        dueIn: row.due_in,
        appended: toAppendedEvents(row, run.claim.mailboxId, run),
      };
    }
    return committed;
  }
}

interface EndingRun extends RunEnding {
  snapshot: NonNullable<SyncClaim['snapshot']>;
  events: NewEvent[];
  rows: NewEventRow[];
  states: SnapshotRow[];
  endpoints: TakerOffer['endpoints'];
}

const RUNS = ENDS.with<EndingRun & { number: number; lastEvent: number }>({
  number: ['int', ({ number }) => number],
  last_event: ['int', ({ lastEvent }) => lastEvent],
  event_count: ['int', ({ events }) => events.length],
  snapshot: ['bigint', ({ snapshot }) => snapshot.id],
  snapshot_labels: ['text', ({ snapshot }) => arrayLiteral(snapshot.labels)],
  known_endpoints: ['text', ({ endpoints }) => arrayLiteral(endpoints.map(({ endpointId }) => endpointId))],
  known_revisions: ['text', ({ endpoints }) => `{${endpoints.map(({ revision }) => revision).join()}}`],
});

const STATES = SNAPSHOT_ROWS.with<{ number: number }>({ number: ['int', ({ number }) => number] });

/** After the replica and the seconds of its claims. */
const FIRST_RUN = 3;
const FIRST_EVENT = FIRST_RUN + RUNS.count;
const FIRST_STATE = FIRST_EVENT + NEW_EVENT_ROWS.count;

/** Those of the events that belong to a run. */
const EVENTS_OF_RUN = NEW_EVENT_ROWS.slices(FIRST_EVENT, 'last_event - event_count + 1', 'last_event');

/**
 * All append locks come before anything is written (see `append_lock`), hence the aggregate: rows would be taken one by one.
 * What is locked or updated is taken as it is then, however old the statement's own view of the database; what is read
 * within the functions is read anew by them.
 *
 * @param lock takes the append lock of a mailbox; what it gives is a condition
 * @param onLocked what is done about a row that somebody else holds
 */
const committing = (lock: string, onLocked: '' | 'SKIP LOCKED') =>
  prepared(`
  WITH run AS MATERIALIZED (SELECT * FROM ${RUNS.relation('run', FIRST_RUN)}),
  locked AS MATERIALIZED (SELECT array_agg(of_mailbox) AS mailbox_ids FROM run WHERE ${lock}),
  held AS MATERIALIZED (
    SELECT run.* FROM locked JOIN run ON of_mailbox = ANY (mailbox_ids) JOIN mailbox_cursors ON ${UNMOVED}
    JOIN mailbox_snapshots ON mailbox_snapshots.id = snapshot AND state = 'ready' AND labels = snapshot_labels::text[]
    FOR NO KEY UPDATE OF mailbox_cursors ${onLocked} FOR SHARE OF mailbox_snapshots ${onLocked}),
  finished AS (${finishing('held')} RETURNING held.*, ${DUE_IN}),
  state AS (SELECT * FROM finished JOIN ${STATES.relation('state', FIRST_STATE)} USING (number)),
  kept AS (
    INSERT INTO snapshot_messages AS m (message_id, thread_id, snapshot_id, labels)
    SELECT message_id, thread_id, snapshot, labels::smallint[]
    FROM state WHERE labels IS NOT NULL ORDER BY snapshot, message_id
    ${ON_CONFLICT_REPLACE}),
  gone AS (
    DELETE FROM snapshot_messages m USING state
    WHERE m.snapshot_id = snapshot AND m.message_id = state.message_id AND state.labels IS NULL)
  SELECT number, due_in, appended.*
  FROM finished CROSS JOIN LATERAL append_events(of_mailbox, ${EVENTS_OF_RUN}, $1, $2, known_endpoints::text[],
    known_revisions::integer[]) appended`);

const COMMIT_ALONE = committing('append_lock(of_mailbox)', '');
const COMMIT_TOGETHER = committing(
  `set_config('lock_timeout', '${MAX_LOCK_WAIT_MS}ms', true) IS NOT NULL AND try_append_lock(of_mailbox)`,
  'SKIP LOCKED',
);
