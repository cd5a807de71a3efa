import { takeLag } from '../mailbox/history-lag';
import type { Change, ChangeKind, HistoryRecord } from '../mailbox/history-record';
import { CAN_SEE } from './access';
import type { GmailCall, GmailMethod } from './gmail-method';
import { notFound } from './gmail-error';
import { decodePageToken, encodePageToken, invalidValue, maxResults, uint64 } from './parameters';

const TYPES: Record<ChangeKind, 'messagesAdded' | 'messagesDeleted' | 'labelsAdded' | 'labelsRemoved'> = {
  messageAdded: 'messagesAdded',
  messageDeleted: 'messagesDeleted',
  labelAdded: 'labelsAdded',
  labelRemoved: 'labelsRemoved',
};

export const HISTORY_METHODS: GmailMethod[] = [
  {
    name: 'gmail.users.history.list',
    verb: 'GET',
    path: 'history',
    scopes: CAN_SEE,
    shape: 'ListHistoryResponse',
    run: listHistory,
  },
];

/** https://developers.google.com/workspace/gmail/api/reference/rest/v1/users.history/list */
function listHistory({ state, mailbox, query }: GmailCall): object {
  const start = uint64(query, 'startHistoryId', 'start_history_id');
  const limit = maxResults(query);
  const wanted = wantedChange(query);
  const labelId = query.get('labelId');
  if (labelId !== null && mailbox.labels.get(labelId) === null) throw notFound();
  if (!mailbox.isReadableFrom(start, state.switches.historyRetentionMs)) throw notFound();
  const { emptyHistoryPages } = state.switches;
  const { after, empty } = readPosition(query, start, emptyHistoryPages);
  const until = takeLag(mailbox.lag) ?? mailbox.historyId;
  const historyId = String(until);
  if (empty > 0) return { nextPageToken: encodePageToken([after, empty - 1]), historyId };
  const { page, more } = collect(mailbox.records, after, until, limit, wanted);
  const last = page.at(-1)?.record.id;
  const goesOn = last !== undefined && (more || emptyHistoryPages > 0);
  return {
    ...(page.length > 0
      ? { history: page.map((shown) => resource(shown, state.switches.deletionsWithoutLabels)) }
      : {}),
    ...(goesOn ? { nextPageToken: encodePageToken([last, more ? emptyHistoryPages : 0]) } : {}),
    historyId,
  };
}

function readPosition(
  query: URLSearchParams,
  start: bigint,
  emptyPages: number,
): { after: bigint; empty: number } {
  const token = query.get('pageToken');
  if (token === null) return { after: start, empty: emptyPages };
  const [after = '0', empty = '0'] = decodePageToken(token, /^(\d+):(\d+)$/);
  return { after: BigInt(after), empty: Number(empty) };
}

function wantedChange(query: URLSearchParams): (change: Change) => boolean {
  const types = query.getAll('historyTypes').flatMap((text) => text.split(','));
  const unknown = types.find((type) => !(type in TYPES));
  if (unknown !== undefined) throw invalidValue('history_types', 'HistoryType', unknown);
  const labelId = query.get('labelId');
  return (change) =>
    (types.length === 0 || types.includes(change.kind)) &&
    (labelId === null || change.labelIds.includes(labelId) || change.changedLabelIds.includes(labelId));
}

interface ShownRecord {
  record: HistoryRecord;
  changes: Change[];
}

function collect(
  records: readonly HistoryRecord[],
  after: bigint,
  until: bigint,
  limit: number,
  wanted: (change: Change) => boolean,
): { page: ShownRecord[]; more: boolean } {
  const page: ShownRecord[] = [];
  for (let i = firstAfter(records, after); i < records.length; i += 1) {
    const record = records[i];
    if (record === undefined || record.id > until) break;
    const changes = record.changes.filter(wanted);
    if (changes.length === 0) continue;
    if (page.length === limit) return { page, more: true };
    page.push({ record, changes });
  }
  return { page, more: false };
}

function firstAfter(records: readonly HistoryRecord[], id: bigint): number {
  let low = 0;
  let high = records.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((records[middle]?.id ?? 0n) > id) high = middle;
    else low = middle + 1;
  }
  return low;
}

function resource({ record, changes }: ShownRecord, deletionsWithoutLabels: boolean): object {
  const touched = new Map(changes.map(({ messageId: id, threadId }) => [id, { id, threadId }]));
  const lists: Record<string, object[]> = {};
  for (const change of changes)
    (lists[TYPES[change.kind]] ??= []).push(
      entry(
        deletionsWithoutLabels && change.kind === 'messageDeleted' ? { ...change, labelIds: [] } : change,
      ),
    );
  return { id: String(record.id), messages: [...touched.values()], ...lists };
}

/** An empty list is left out, as everywhere in Google's JSON: a message without labels has no `labelIds`. */
function entry({ messageId: id, threadId, labelIds, changedLabelIds }: Change): object {
  const message = { id, threadId, ...(labelIds.length > 0 ? { labelIds: [...labelIds] } : {}) };
  return changedLabelIds.length > 0 ? { message, labelIds: [...changedLabelIds] } : { message };
}
