import { Injectable } from '@nestjs/common';
import { GmailApiClient } from '../../gmail/client/gmail-api.client';
import { historyPages, messagePages } from '../../gmail/client/pages';
import { GmailApiError } from '../../gmail/gmail.errors';
import type { GmailCaller } from '../../gmail/quota/costs';
import { statesBefore } from '../history/history-states';
import { type ListedRange, ListedMessageStore } from './listed-message.store';
import type { Snapshot } from './snapshot.types';

/**
 * Reads which messages pass a filter, and their labels, at 5 units for 500 of them: one list for each label shows what
 * carries it, and no message is read. What the lists show goes into the database page by page.
 */
@Injectable()
export class MailboxStateService {
  constructor(
    private readonly gmail: GmailApiClient,
    private readonly listed: ListedMessageStore,
  ) {}

  /** Adds the mailbox as it was at this place of its history to a snapshot that is being built. */
  async fill(caller: GmailCaller, historyId: bigint, snapshot: Snapshot): Promise<void> {
    await this.list(caller, historyId, snapshot);
    for (let from = await this.listed.fill(snapshot); from !== undefined;)
      from = await this.listed.fill(snapshot, from);
    await this.listed.end(snapshot);
  }

  /** In what the mailbox differs, as it was at this place of its history, from the snapshot: range by range of its messages. */
  async *compare(caller: GmailCaller, historyId: bigint, snapshot: Snapshot): AsyncGenerator<ListedRange> {
    await this.list(caller, historyId, snapshot);
    let range: ListedRange | undefined;
    do {
      range = await this.listed.compare(snapshot, range?.next);
      yield range;
    } while (range.next !== undefined);
    await this.listed.end(snapshot);
  }

  /**
   * Lists the mailbox as it was at this place of its history. Lists show a mailbox that goes on changing; what has changed
   * since that place is then undone by the history itself.
   *
   * @throws SupersededError when there is nothing to write to any more, and what the Gmail client throws
   */
  private async list(caller: GmailCaller, historyId: bigint, snapshot: Snapshot): Promise<void> {
    await this.listed.begin(snapshot);
    const { labelIds, labelFilterBehavior } = snapshot.filter;
    const labels = await this.gmail.labelIds(caller);
    const include = labelFilterBehavior === 'include' && labelIds.length > 0;
    // A label of the filter that is no more is carried by nothing, and asking for it would be refused.
    const filters = include ? labelIds.filter((id) => labels.has(id)).map((id) => [id]) : [[]];
    for (const query of filters)
      for await (const { messages } of messagePages(this.gmail, caller, { labelIds: query }))
        await this.listed.add(snapshot, messages, query);
    for (const label of labels) {
      if (include && labelIds.includes(label)) continue;
      for (const query of filters)
        for await (const { messages } of messagePages(this.gmail, caller, { labelIds: [...query, label] }))
          await this.listed.addLabel(
            snapshot,
            messages.map(({ id }) => id),
            label,
          );
    }
    await this.undo(caller, historyId, snapshot);
  }

  /** A mailbox that has been quiet for long is at an id that Gmail's history no longer reaches: nothing has happened since. */
  private async undo(caller: GmailCaller, historyId: bigint, snapshot: Snapshot): Promise<void> {
    try {
      for await (const { records } of historyPages(this.gmail, caller, historyId))
        await this.listed.touch(snapshot, statesBefore(records));
    } catch (error) {
      const isExpired = error instanceof GmailApiError && error.code === 'gmail_not_found';
      if (!isExpired || (await this.gmail.currentHistoryId(caller)) !== historyId) throw error;
    }
  }
}
