import type { Mailbox } from '../mailbox/mailbox';
import type { StoredMessage } from '../mailbox/stored-message';
import { isMetadataOnly } from './access';
import { GmailError, invalidArgument } from './gmail-error';
import type { GmailCall } from './gmail-method';
import { decodePageToken, encodePageToken, maxResults } from './parameters';
import { parseSearch } from './search-query';

/** https://developers.google.com/workspace/gmail/api/reference/rest/v1/users.messages/list: newest first. */
export function listMessages({ mailbox, scopes, query }: GmailCall): object {
  const q = query.get('q') ?? '';
  if (q !== '' && isMetadataOnly(scopes))
    throw new GmailError(403, 'forbidden', "Metadata scope does not support 'q' parameter");
  const limit = maxResults(query);
  const search = parseSearch(q, mailbox.labels);
  const labels = query.getAll('labelIds').flatMap((text) => text.split(','));
  const unknown = labels.find((label) => mailbox.labels.get(label) === null);
  if (unknown !== undefined) throw invalidArgument(`Invalid label: ${unknown}`);
  const hidden = ['SPAM', 'TRASH'].filter(
    (label) => query.get('includeSpamTrash') !== 'true' && !labels.includes(label) && !search.reaches(label),
  );
  const found = sorted(mailbox, query, () =>
    [...mailbox.messages.values()].filter(
      (message) =>
        labels.every((label) => message.labelIds.has(label)) &&
        !hidden.some((label) => message.labelIds.has(label)) &&
        search.matches(message),
    ),
  );
  const from = positionAfter(found, query.get('pageToken'));
  const page = found.slice(from, from + limit);
  const last = page.at(-1);
  const more = last !== undefined && from + page.length < found.length;
  return {
    ...(page.length > 0 ? { messages: page.map(({ id, threadId }) => ({ id, threadId })) } : {}),
    ...(more ? { nextPageToken: encodePageToken([last.internalDate, last.id]) } : {}),
    resultSizeEstimate: found.length,
  };
}

/** What was listed last of a mailbox. Pages of a large one are asked for by the thousand. */
const lists = new WeakMap<Mailbox, { state: string; found: StoredMessage[] }>();

/** The list newest first: that of the page before, as long as neither the question nor the mailbox has changed. */
function sorted(mailbox: Mailbox, query: URLSearchParams, find: () => StoredMessage[]): StoredMessage[] {
  const question = new URLSearchParams(query);
  question.delete('pageToken');
  const state = [mailbox.historyId, mailbox.messages.size, question].join(' ');
  const last = lists.get(mailbox);
  if (last?.state === state) return last.found;
  const found = find().sort(newestFirst);
  lists.set(mailbox, { state, found });
  return found;
}

interface Position {
  internalDate: number;
  id: string;
}

function newestFirst(a: Position, b: Position): number {
  return b.internalDate - a.internalDate || (a.id < b.id ? 1 : -1);
}

/** A page goes on after the last message of the one before, whatever arrived meanwhile. */
function positionAfter(found: readonly StoredMessage[], token: string | null): number {
  if (token === null) return 0;
  const [date = '0', id = ''] = decodePageToken(token, /^(-?\d+):([0-9a-f]+)$/);
  const last = { internalDate: Number(date), id };
  let low = 0;
  let high = found.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    const message = found[middle]!;
    if (message.id !== id && newestFirst(last, message) < 0) high = middle;
    else low = middle + 1;
  }
  return low;
}
