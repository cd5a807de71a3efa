import { prepared } from '../../database/prepared';
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
export async function insertRows(
  on: SqlExecutor,
  id: number,
  rows: SnapshotRow[],
  onConflict: string,
): Promise<void> {
  if (rows.length === 0) return;
  await sql(
    on,
    prepared(`INSERT INTO snapshot_messages AS m (message_id, thread_id, snapshot_id, labels)
     SELECT message_id, thread_id, s.id, labels::smallint[]
     FROM (SELECT id FROM mailbox_snapshots WHERE id = $1 FOR KEY SHARE) s,
          unnest($2::bigint[], $3::bigint[], $4::text[]) AS new (message_id, thread_id, labels)
     ORDER BY message_id
     ON CONFLICT (snapshot_id, message_id) ${onConflict}`),
    [
      id,
      rows.map(({ message }) => message),
      rows.map(({ thread }) => thread),
      rows.map(({ labels }) => labels),
    ],
  );
}
