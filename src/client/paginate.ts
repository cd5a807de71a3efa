/** A page of a list, as the API answers it. */
export interface Page<T> {
  data: T[];
  nextCursor: string | null;
}

/**
 * Everything in a list, however many pages it has; a page is asked for when the one before is used up.
 *
 *     for await (const mailbox of paginate((cursor) => inboxwire.listMailboxes({ query: { cursor } }))) …
 *     for await (const event of paginate((after) => inboxwire.listEvents({ query: { after } }))) …
 *
 * @param list asks for the page after a cursor, and for the first one when there is none
 */
export async function* paginate<T>(
  list: (cursor: string | undefined) => Promise<Page<T>>,
): AsyncGenerator<T, void, undefined> {
  let cursor: string | undefined;
  for (;;) {
    const { data, nextCursor }: Page<T> = await list(cursor);
    yield* data;
    // The log of events has no end: it always says where to go on. Its last page has neither events nor progress; one with
    // progress was all left out by the filter.
    if (nextCursor === null || (data.length === 0 && nextCursor === cursor)) return;
    cursor = nextCursor;
  }
}
