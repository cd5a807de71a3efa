import { Injectable } from '@nestjs/common';
import { GmailApiClient } from '../../gmail/client/gmail-api.client';
import type { LabelFilter } from '../../gmail/label-filter';
import type { GmailCaller } from '../../gmail/quota/costs';
import { MessagesByDateService, type TimeRange } from '../gap/messages-by-date.service';
import { nextSpan, oldestFirst, shorterSpan, WINDOW_SIZE } from './listed-window';

/** Messages that are to be read together. */
export interface ListedWindow {
  ids: string[];
  /** Everything from before that time is in this window or was in an earlier one; null: that is not known. */
  to: number | null;
}

/** The lists by which the messages of a filter are found: what any of `of` shows and none of `without`. */
interface Lists {
  of: (string[] | undefined)[];
  without: string[][];
}

/** Lists the messages of a filter within a range of time, oldest first, some at a time: a mailbox may have millions. */
@Injectable()
export class BackfillListsService {
  constructor(
    private readonly gmail: GmailApiClient,
    private readonly found: MessagesByDateService,
  ) {}

  /**
   * @param unknown those of the messages that are worth reading
   */
  async *windows(
    caller: GmailCaller,
    { from, to }: Required<TimeRange>,
    filter: LabelFilter,
    unknown: (ids: string[]) => Promise<string[]>,
  ): AsyncGenerator<ListedWindow> {
    const lists = await this.listsFor(caller, filter);
    if (!this.found.canSearch) {
      yield* this.wholeLists(caller, { from, to }, lists, unknown);
      return;
    }
    let span = to - from;
    for (let start = from; start < to;) {
      const range = { from: start, to: Math.min(to, start + span) };
      const listed = await this.within(caller, range, lists);
      const ids = listed && (await unknown(listed));
      const isTooMuch = !ids || ids.length > WINDOW_SIZE;
      const shorter = isTooMuch ? shorterSpan(range.to - start, ids?.length ?? null) : null;
      if (shorter !== null) span = shorter;
      else {
        yield { ids: ids ?? (await unknown(await this.everything(caller, range, lists))), to: range.to };
        start = range.to;
        span = nextSpan(span, ids?.length ?? WINDOW_SIZE);
      }
    }
  }

  /** How many lists show a filter, and what they show of a range: all of it, or how many there are by Gmail's estimate. */
  async estimate(caller: GmailCaller, range: TimeRange, filter: LabelFilter) {
    const { of, without } = await this.listsFor(caller, filter);
    const pages = await Promise.all(of.map((labels) => this.found.firstPage(caller, range, labels)));
    const left = await Promise.all(without.map((labels) => this.found.firstPage(caller, range, labels)));
    const count = of.length + without.length;
    if ([...pages, ...left].every(({ isAll }) => isAll))
      return {
        lists: count,
        ids: difference(
          pages.flatMap(({ ids }) => ids),
          left.flatMap(({ ids }) => ids),
        ),
      };
    const sum = (some: typeof pages) => some.reduce((all, { sizeEstimate }) => all + sizeEstimate, 0);
    return { lists: count, messages: Math.max(0, sum(pages) - sum(left)) };
  }

  /** A label of the filter that is no more is carried by nothing, and asking for it would be refused. */
  private async listsFor(
    caller: GmailCaller,
    { labelIds, labelFilterBehavior }: LabelFilter,
  ): Promise<Lists> {
    if (labelIds.length === 0) return { of: [undefined], without: [] };
    const labels = await this.gmail.labelIds(caller);
    const existing = labelIds.filter((id) => labels.has(id)).map((id) => [id]);
    return labelFilterBehavior === 'include'
      ? { of: existing, without: [] }
      : { of: [undefined], without: existing };
  }

  /** @returns undefined when a list has more than one page */
  private async within(caller: GmailCaller, range: TimeRange, { of, without }: Lists) {
    const lists: string[][] = [];
    for (const labels of of) {
      const page = await this.found.firstPage(caller, range, labels);
      if (!page.isAll) return undefined;
      lists.push(page.ids);
    }
    const found = [...oldestFirst(lists)];
    if (found.length === 0) return found;
    const excluded: string[] = [];
    for (const labels of without) excluded.push(...(await this.found.firstPage(caller, range, labels)).ids);
    return difference(found, excluded);
  }

  /** What a range shows that cannot be cut further. */
  private async everything(caller: GmailCaller, range: TimeRange, { of }: Lists): Promise<string[]> {
    return [...oldestFirst(await this.all(caller, range, of))];
  }

  /** Where Gmail does not search, whole lists are read down to the beginning of the range. */
  private async *wholeLists(
    caller: GmailCaller,
    range: Required<TimeRange>,
    { of }: Lists,
    unknown: (ids: string[]) => Promise<string[]>,
  ): AsyncGenerator<ListedWindow> {
    let some: string[] = [];
    for (const id of oldestFirst(await this.all(caller, range, of))) {
      some.push(id);
      if (some.length < WINDOW_SIZE) continue;
      yield { ids: await unknown(some), to: null };
      some = [];
    }
    yield { ids: await unknown(some), to: range.to };
  }

  private async all(caller: GmailCaller, range: TimeRange, of: Lists['of']): Promise<string[][]> {
    const lists: string[][] = [];
    for (const labels of of) {
      const list: string[] = [];
      for await (const ids of this.found.pages(caller, range, labels)) list.push(...ids);
      lists.push(list);
    }
    return lists;
  }
}

/** The ids of the one without those of the other, each once. */
function difference(ids: string[], others: string[]): string[] {
  const left = new Set(others);
  return [...new Set(ids)].filter((id) => !left.has(id));
}
