import { Injectable } from '@nestjs/common';
import { GmailApiClient } from '../../gmail/client/gmail-api.client';
import { GmailApiError } from '../../gmail/gmail.errors';
import { historyPages, messagePages } from '../../gmail/client/pages';
import type { HistoryRecord, MessagePage } from '../../gmail/gmail.types';
import type { GmailCaller } from '../../gmail/quota/costs';
import { type MessageState, type MessageStates, statesBefore } from '../history/history-states';
import { type LabelFilter, labelsCount } from '../../gmail/label-filter';

/** A mailbox at one place of its history. */
export interface MailboxState {
  /** What passes the filter, newest first. */
  messages: Map<string, MessageState>;
  /** Every message that was touched while the lists were being read, as it was before; null: not there yet. */
  touched: MessageStates;
}

/**
 * Reads which messages pass a filter, and their labels, at 5 units for 500 of them: one list for each label tells what
 * carries it, and no message is read.
 */
@Injectable()
export class MailboxStateService {
  constructor(private readonly gmail: GmailApiClient) {}

  /**
   * The mailbox as it was at this place of its history. Lists show a mailbox that goes on changing; what has changed since
   * that place is then undone by the history itself.
   */
  async at(caller: GmailCaller, historyId: bigint, filter: LabelFilter): Promise<MailboxState> {
    const messages = await this.list(caller, filter);
    const touched = statesBefore(await this.recordsSince(caller, historyId));
    const counts = labelsCount(filter);
    for (const [id, state] of touched) {
      if (state && counts(state.labelIds)) messages.set(id, state);
      else messages.delete(id);
    }
    return { messages, touched };
  }

  private async list(
    caller: GmailCaller,
    { labelIds, labelFilterBehavior }: LabelFilter,
  ): Promise<Map<string, MessageState>> {
    const labels = await this.gmail.labelIds(caller);
    const include = labelFilterBehavior === 'include' && labelIds.length > 0;
    // A label of the filter that is no more is carried by nothing, and asking for it would be refused.
    const filters = include ? labelIds.filter((id) => labels.has(id)).map((id) => [id]) : [[]];
    const found = new Map<string, MessageState>();
    const read = async (query: string[], visit: (message: MessagePage['messages'][number]) => void) => {
      for await (const page of messagePages(this.gmail, caller, { labelIds: query }))
        page.messages.forEach(visit);
    };
    for (const query of filters)
      await read(query, ({ id, threadId = null }) => {
        const state = found.get(id);
        if (state) state.labelIds.push(...query);
        else found.set(id, { threadId, labelIds: [...query] });
      });
    for (const label of labels) {
      if (include && labelIds.includes(label)) continue;
      for (const query of filters)
        await read([...query, label], ({ id }) => {
          const state = found.get(id);
          if (state && !state.labelIds.includes(label)) state.labelIds.push(label);
        });
    }
    if (include) return found;
    const counts = labelsCount({ labelIds, labelFilterBehavior });
    return new Map([...found].filter(([, state]) => counts(state.labelIds)));
  }

  /** A mailbox that has been quiet for long is at an id that Gmail's history no longer reaches: nothing has happened since. */
  private async recordsSince(caller: GmailCaller, historyId: bigint): Promise<HistoryRecord[]> {
    const records: HistoryRecord[] = [];
    try {
      for await (const page of historyPages(this.gmail, caller, historyId)) records.push(...page.records);
      return records;
    } catch (error) {
      const isExpired = error instanceof GmailApiError && error.code === 'gmail_not_found';
      if (isExpired && (await this.gmail.currentHistoryId(caller)) === historyId) return [];
      throw error;
    }
  }
}
