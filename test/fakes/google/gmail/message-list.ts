import type { StoredMessage } from '../mailbox/stored-message';
import { isMetadataOnly } from './access';
import { GmailError } from './gmail-error';
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
  const hidden = ['SPAM', 'TRASH'].filter(
    (label) => query.get('includeSpamTrash') !== 'true' && !labels.includes(label) && !search.reaches(label),
  );
  const found = [...mailbox.messages.values()]
    .filter((message) => labels.every((label) => message.labelIds.has(label)))
    .filter((message) => !hidden.some((label) => message.labelIds.has(label)) && search.matches(message))
    .sort(newestFirst);
  const rest = found.slice(positionAfter(found, query.get('pageToken')));
  const page = rest.slice(0, limit);
  const last = page.at(-1);
  const more = last !== undefined && rest.length > page.length;
  return {
    ...(page.length > 0 ? { messages: page.map(({ id, threadId }) => ({ id, threadId })) } : {}),
    ...(more ? { nextPageToken: encodePageToken([last.internalDate, last.id]) } : {}),
    resultSizeEstimate: found.length,
  };
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
  const next = found.findIndex((message) => message.id !== id && newestFirst(last, message) < 0);
  return next === -1 ? found.length : next;
}
