import { prepared } from '../../database/prepared';
import { RowColumns } from '../../database/row-columns';
import { sql, type SqlExecutor } from '../../database/sql';
import type { MessageState } from '../history/history-states';
import { messageNumber } from './message-number';
import type { Snapshot } from './snapshot.types';

/** One message as it is stored: everything is a number. */
export interface SnapshotRow {
  message: string;
  thread: string | null;
  /** An array of PostgreSQL's, ascending; null: the message has left. */
  labels: string | null;
}

/** Rows as the parameters of a statement. */
export const SNAPSHOT_ROWS = new RowColumns<SnapshotRow>({
  message_id: ['bigint', ({ message }) => message],
  thread_id: ['bigint', ({ thread }) => thread],
  labels: ['text', ({ labels }) => labels],
});

/** For an insert into `snapshot_messages AS m`: a message that is there already stands as the new row says. */
export const ON_CONFLICT_REPLACE = `
  ON CONFLICT (snapshot_id, message_id) DO UPDATE SET
    thread_id = coalesce(excluded.thread_id, m.thread_id), labels = excluded.labels
  WHERE m.labels IS DISTINCT FROM excluded.labels`;

/** @returns undefined when an id is no 64-bit number: the mailbox cannot have a snapshot */
export async function encodeRows(
  on: SqlExecutor,
  snapshot: Snapshot,
  states: [string, MessageState | null][],
): Promise<SnapshotRow[] | undefined> {
  const numbers = await labelNumbers(
    on,
    snapshot,
    new Set(states.flatMap(([, state]) => state?.labelIds ?? [])),
  );
  return toRows(numbers, states);
}

/** @returns undefined when an id is no 64-bit number */
export function toRows(
  numbers: ReadonlyMap<string, number>,
  states: Iterable<[string, MessageState | null]>,
): SnapshotRow[] | undefined {
  const rows: SnapshotRow[] = [];
  for (const [id, state] of states) {
    const message = messageNumber(id);
    const thread = state && state.threadId !== null ? messageNumber(state.threadId) : null;
    if (message === undefined || thread === undefined) return undefined;
    const labels = state && state.labelIds.map((label) => numbers.get(label)!).sort((a, b) => a - b);
    rows.push({ message, thread, labels: labels && `{${labels.join()}}` });
  }
  return rows;
}

/** The number of each label; labels that are new to the dictionary are added to it. */
async function labelNumbers(
  on: SqlExecutor,
  snapshot: Snapshot,
  used: Set<string>,
): Promise<Map<string, number>> {
  if ([...used].some((label) => !snapshot.labels.includes(label))) {
    // In one statement: a sync and the build may both bring new labels at the same moment.
    const [row] = await sql<{ labels: string[] }>(
      on,
      `UPDATE mailbox_snapshots SET
         labels = labels || ARRAY(SELECT label FROM unnest($2::text[]) AS label WHERE label <> ALL (labels))
       WHERE id = $1 RETURNING labels`,
      [snapshot.id, [...used]],
    );
    if (row) snapshot.labels = row.labels;
  }
  return numbersOf(snapshot);
}

/** The number of each label that is in the dictionary. */
export function numbersOf({ labels }: Pick<Snapshot, 'labels'>): Map<string, number> {
  return new Map(labels.map((label, number) => [label, number]));
}

/** Into a snapshot that is there: one that was dropped meanwhile takes nothing, and is not missed. */
export async function putRows(on: SqlExecutor, id: number, rows: SnapshotRow[]): Promise<void> {
  if (rows.length > 0) await sql(on, PUT, [id, ...SNAPSHOT_ROWS.parameters(rows)]);
}

const PUT = prepared(`
  INSERT INTO snapshot_messages AS m (message_id, thread_id, snapshot_id, labels)
  SELECT message_id, thread_id, s.id, labels::smallint[]
  FROM (SELECT id FROM mailbox_snapshots WHERE id = $1 FOR KEY SHARE) s, ${SNAPSHOT_ROWS.relation('new', 2)}
  ORDER BY message_id
  ${ON_CONFLICT_REPLACE}`);
