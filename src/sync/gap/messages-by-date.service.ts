import { Injectable } from '@nestjs/common';
import { GoogleSettings } from '../../config/settings';
import { GmailApiClient } from '../../gmail/client/gmail-api.client';
import { messagePages } from '../../gmail/client/pages';
import { onlyMetadataScope } from '../../gmail/gmail.types';
import type { GmailCaller } from '../../gmail/quota/costs';

/** Clocks differ, and mail can be received a moment before it is listed: what is read begins so much before the last sync. */
export const MARGIN_MS = 5 * 60_000;

/** A search is as exact as a second. */
const SEARCH_MARGIN_MS = 1_000;

/** A span of time, in milliseconds since the epoch. */
export interface TimeRange {
  from: number;
  /** Not included. */
  to?: number;
}

/** Gmail takes a number of fewer digits for no time. Before it, in 1973, is as long ago as ever: everything is listed. */
const MIN_SEARCHABLE_SECONDS = 100_000_000;

const seconds = (milliseconds: number) => Math.floor(milliseconds / 1_000);

/** Finds messages by the time at which Gmail received them. */
@Injectable()
export class MessagesByDateService {
  constructor(
    private readonly gmail: GmailApiClient,
    private readonly google: GoogleSettings,
  ) {}

  /** Whether Gmail searches by time. Else a list shows what is newer than the range too. */
  get canSearch(): boolean {
    return !onlyMetadataScope(this.google);
  }

  /** The ids of what arrived since that time, and possibly a little before, oldest first. */
  async since(caller: GmailCaller, upToDateAt: Date): Promise<string[]> {
    const found: string[] = [];
    for await (const ids of this.pages(caller, { from: upToDateAt.getTime() - MARGIN_MS }))
      found.push(...ids);
    return found.reverse();
  }

  /**
   * The ids of what arrived in that range, and possibly a little outside of it, newest first, page by page.
   *
   * @param labelIds those that the messages carry, all of them
   */
  async *pages(caller: GmailCaller, range: TimeRange, labelIds?: string[]): AsyncGenerator<string[]> {
    const q = this.searchFor(range);
    for await (const { messages } of messagePages(this.gmail, caller, { q, labelIds })) {
      yield messages.map(({ id }) => id);
      // Where `q` is forbidden the list, newest first, is read down to the first page that ends before that time.
      if (!this.canSearch && (await this.isFromBefore(caller, messages.at(-1)?.id, range.from))) break;
    }
  }

  /** The first of these pages: its ids, whether there are more, and how many there are in all by Gmail's estimate. */
  async firstPage(caller: GmailCaller, range: TimeRange, labelIds?: string[]) {
    const { messages, nextPageToken, sizeEstimate } = await this.gmail.list(caller, {
      ...{ q: this.searchFor(range), labelIds },
    });
    const ids = messages.map(({ id }) => id);
    return { ids, isAll: nextPageToken === undefined, sizeEstimate: Math.max(ids.length, sizeEstimate) };
  }

  private searchFor({ from, to }: TimeRange): string | undefined {
    if (!this.canSearch) return undefined;
    const [after, before] = [seconds(from - SEARCH_MARGIN_MS), to && seconds(to + SEARCH_MARGIN_MS + 999)];
    const terms = [after >= MIN_SEARCHABLE_SECONDS && `after:${after}`, before && `before:${before}`];
    return terms.filter(Boolean).join(' ') || undefined;
  }

  private async isFromBefore(caller: GmailCaller, id: string | undefined, since: number): Promise<boolean> {
    const message = id === undefined ? undefined : await this.gmail.message(caller, id, 'minimal');
    return message !== undefined && Number(message.internalDate) < since;
  }
}
