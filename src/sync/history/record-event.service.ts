import { Injectable } from '@nestjs/common';
import type { NewEvent } from '../../event/event.types';
import type { HistoryRecord } from '../../gmail/gmail.types';
import type { GmailCaller } from '../../gmail/quota/costs';
import { historyToChanges, type MessageChange } from './history-to-changes';
import { MessageEventService } from './message-event.service';
import { PoisonMessageDetector } from './poison-message-detector';
import type { ReadingMode } from '../cursor/poison';
import { SyncClaimStore } from '../cursor/sync-claim.store';

/** Turns history records into events, by the filter in force now. */
@Injectable()
export class RecordEventService {
  constructor(
    private readonly store: SyncClaimStore,
    private readonly messages: MessageEventService,
    private readonly faults: PoisonMessageDetector,
  ) {}

  /**
   * @param mode when records are taken one by one, it is found out whether Gmail fails at this one only
   * @throws MessageUnreadableError when it does, and what the Gmail client throws
   */
  async toEvents(caller: GmailCaller, records: HistoryRecord[], mode: ReadingMode): Promise<NewEvent[]> {
    if (records.length === 0) return [];
    const changes = historyToChanges(records, await this.store.filter(caller.mailboxId));
    try {
      return await this.messages.toEvents(caller, changes);
    } catch (error) {
      throw await this.faults.explain(caller, addedIds(changes), mode, error);
    }
  }

  /** Events of records that cannot be processed: what history tells, as far as even that can be read. */
  async withoutContent(mailboxId: string, records: HistoryRecord[]): Promise<NewEvent[]> {
    const filter = await this.store.filter(mailboxId);
    try {
      return this.messages.withoutContent(historyToChanges(records, filter));
    } catch {
      // Not even its ids can be read: then there is nothing to tell, except in the log.
      return [];
    }
  }
}

function addedIds(changes: MessageChange[]): string[] {
  return changes.filter(({ type }) => type === 'message.added').map(({ messageId }) => messageId);
}
