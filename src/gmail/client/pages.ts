import type { HistoryPage, MessagePage } from '../gmail.types';
import type { GmailCaller } from '../quota/costs';
import type { GmailApiClient } from './gmail-api.client';

/** The history since an id, page by page. An empty page may be followed by others. */
export function historyPages(
  gmail: GmailApiClient,
  caller: GmailCaller,
  startHistoryId: bigint,
): AsyncGenerator<HistoryPage> {
  return pages((pageToken) => gmail.history(caller, startHistoryId, pageToken));
}

/** The messages that a query finds, newest first, page by page. */
export function messagePages(
  gmail: GmailApiClient,
  caller: GmailCaller,
  query: { q?: string; labelIds?: string[] },
): AsyncGenerator<MessagePage> {
  return pages((pageToken) => gmail.list(caller, { ...query, pageToken }));
}

async function* pages<Page extends { nextPageToken: string | undefined }>(
  read: (pageToken: string | undefined) => Promise<Page>,
): AsyncGenerator<Page> {
  let pageToken: string | undefined;
  do {
    const page = await read(pageToken);
    yield page;
    pageToken = page.nextPageToken;
  } while (pageToken !== undefined);
}
