import type { HistoryRecord } from '../../gmail/gmail.types';
import { type MessageState, statesAfter, statesBefore } from './history-states';

/** `asked`: Gmail's answer is not here yet. `unknown`: it never came, and the change may have been made or not. */
export type OwnChangeState = 'asked' | 'done' | 'unknown';

/** A change of labels that was asked for through the API. */
export interface OwnChange {
  id: string;
  messageId: string;
  addLabelIds: string[];
  removeLabelIds: string[];
  /** Where history was before Gmail was asked. */
  after: bigint;
  /** Where history was when the answer was given up; null: not known, or there is an answer. */
  until: bigint | null;
  state: OwnChangeState;
}

/** A change that a record has shown, or shows to have changed nothing. It is over when that record is committed. */
export interface SettledChange {
  id: string;
  historyId: string;
}

export interface OwnRecords {
  /** The records that show own changes: which messages in each, by the record's id. */
  own: Map<string, Set<string>>;
  settled: SettledChange[];
  /** The first record that may show a change of which Gmail's answer is not here yet: it has to wait. */
  heldAt: string | undefined;
}

/**
 * Finds the records that show own changes (decision 0035). A record is own when it comes after the request, everything in
 * it was asked for, and something that was asked for was not so before it. When the first record of an answered change finds
 * all of that in place already, Gmail had nothing to change, and the records to come are somebody else's.
 *
 * @param changes those that are open, in the order in which they were asked for
 */
export function findOwnRecords(records: HistoryRecord[], changes: OwnChange[]): OwnRecords {
  const found: OwnRecords = { own: new Map(), settled: [], heldAt: undefined };
  const open = new Set(changes);
  for (const record of records) {
    for (const [messageId, shown] of labelChanges(record)) {
      const own = ownChangeIn(
        record,
        shown,
        [...open].filter((change) => change.messageId === messageId),
      );
      for (const change of own.idle) open.delete(change);
      found.settled.push(...own.idle.map(({ id }) => ({ id, historyId: record.id })));
      if (!own.change) continue;
      if (own.change.state === 'asked') return { ...found, heldAt: record.id };
      found.own.set(record.id, (found.own.get(record.id) ?? new Set()).add(messageId));
      if (!isInPlace(own.change, shown.after)) continue;
      open.delete(own.change);
      found.settled.push({ id: own.change.id, historyId: record.id });
    }
  }
  return found;
}

/** What a record does to the labels of one message. */
interface ShownChange {
  added: string[];
  removed: string[];
  before: string[];
  after: string[];
}

/** @returns whose record it is, if it is one of the changes', and those that are shown to have changed nothing */
function ownChangeIn(
  { id }: HistoryRecord,
  shown: ShownChange,
  changes: OwnChange[],
): { change: OwnChange | undefined; idle: OwnChange[] } {
  const historyId = BigInt(id);
  const possible = changes.filter(
    ({ after, until }) => historyId > after && (until === null || historyId <= until),
  );
  const change = possible.find((one) => !isInPlace(one, shown.before) && isAskedFor(one, shown));
  // An own record proves nothing about other own changes, which may have been made at the same moment.
  const idle = change ? [] : possible.filter((one) => one.state !== 'asked' && isInPlace(one, shown.before));
  return { change, idle };
}

function labelChanges(record: HistoryRecord): Map<string, ShownChange> {
  const shown = new Map<string, ShownChange>();
  const [before, after] = [statesBefore([record]), statesAfter([record])];
  const labelsOf = (state: MessageState | null | undefined) => state?.labelIds ?? [];
  const of = (id: string) => {
    const one = shown.get(id) ?? {
      ...{ added: [], removed: [] },
      ...{ before: labelsOf(before.get(id)), after: labelsOf(after.get(id)) },
    };
    shown.set(id, one);
    return one;
  };
  for (const { message, labelIds = [] } of record.labelsAdded ?? []) of(message.id).added.push(...labelIds);
  for (const { message, labelIds = [] } of record.labelsRemoved ?? [])
    of(message.id).removed.push(...labelIds);
  return shown;
}

function isInPlace({ addLabelIds, removeLabelIds }: OwnChange, labels: string[]): boolean {
  return (
    addLabelIds.every((label) => labels.includes(label)) &&
    !removeLabelIds.some((label) => labels.includes(label))
  );
}

function isAskedFor(change: OwnChange, { added, removed }: ShownChange): boolean {
  const asked = withConsequences(change);
  return (
    added.length + removed.length > 0 &&
    added.every((label) => asked.addLabelIds.includes(label)) &&
    removed.every((label) => asked.removeLabelIds.includes(label))
  );
}

/** Gmail keeps a message in one of these places at most: who adds one has asked for the others to go. */
const PLACES = ['INBOX', 'SPAM', 'TRASH'];

/** What was asked for, and what Gmail does for it of itself. */
export function withConsequences({
  addLabelIds,
  removeLabelIds,
}: Pick<OwnChange, 'addLabelIds' | 'removeLabelIds'>) {
  const isMoved = addLabelIds.some((label) => PLACES.includes(label));
  const left = isMoved ? PLACES.filter((label) => !addLabelIds.includes(label)) : [];
  return { addLabelIds, removeLabelIds: [...removeLabelIds, ...left] };
}
