import type { HistoryPage, MessagePage } from '../gmail.types';
import type { GmailCaller } from '../quota/costs';
import type { GmailApiClient } from './gmail-api.client';
import { unreadable } from './gmail-response';

/** The history since an id, page by page. An empty page may be followed by others. */
export function historyPages(
  gmail: GmailApiClient,
  caller: GmailCaller,
  startHistoryId: bigint,
): AsyncGenerator<HistoryPage> {
  return pages('users.history.list', (pageToken) => gmail.history(caller, startHistoryId, pageToken));
}

/** The messages that a query finds, newest first, page by page. */
export function messagePages(
  gmail: GmailApiClient,
  caller: GmailCaller,
  query: { q?: string; labelIds?: string[] },
): AsyncGenerator<MessagePage> {
  return pages('users.messages.list', (pageToken) => gmail.list(caller, { ...query, pageToken }));
}

/** @throws GmailApiError when an answer leads back to a page that was read: there would be no end to it */
async function* pages<Page extends { nextPageToken: string | undefined }>(
  method: string,
  read: (pageToken: string | undefined) => Promise<Page>,
): AsyncGenerator<Page> {
  const tokens = new Set<string>();
  for (let pageToken: string | undefined; ;) {
    const page = await read(pageToken);
    yield page;
    pageToken = page.nextPageToken;
    if (pageToken === undefined) return;
    if (tokens.has(pageToken)) throw unreadable(method, 'a page token of its own');
    tokens.add(pageToken);
  }
}
