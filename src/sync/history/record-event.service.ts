import { Injectable } from '@nestjs/common';
import type { NewEvent } from '../../event/event.types';
import type { HistoryRecord } from '../../gmail/gmail.types';
import { announcedBy } from '../cursor/awaited-notification';
import { CursorPositionStore } from '../cursor/cursor-position.store';
import type { SyncRun } from '../cursor/sync.types';
import { historyToChanges, type MessageChange } from './history-to-changes';
import { MessageEventService } from './message-event.service';
import { PoisonMessageDetector } from './poison-message-detector';

/** Turns history records into events, by the filter in force now. */
@Injectable()
export class RecordEventService {
  constructor(
    private readonly positions: CursorPositionStore,
    private readonly messages: MessageEventService,
    private readonly poison: PoisonMessageDetector,
  ) {}

  /** @throws MessageUnreadableError when Gmail fails at the record that is taken alone, and what the Gmail client throws */
  async toEvents(run: SyncRun, records: HistoryRecord[]): Promise<NewEvent[]> {
    if (records.length === 0) return [];
    const changes = historyToChanges(records, await this.positions.filter(run.mailbox.id));
    try {
      return announcedBy(await this.messages.toEvents(run.caller, changes), run.claim.notifications);
    } catch (error) {
      throw await this.poison.explain(run, addedIds(changes), error);
    }
  }

  /** Events of records that cannot be processed: what history tells, as far as even that can be read. */
  async withoutContent({ mailbox }: SyncRun, records: HistoryRecord[]): Promise<NewEvent[]> {
    const filter = await this.positions.filter(mailbox.id);
    try {
      return this.messages.withoutContent(historyToChanges(records, filter));
    } catch {
      // Not even its ids can be read: then there is nothing to report, except in the log.
      return [];
    }
  }
}

function addedIds(changes: MessageChange[]): string[] {
  return changes.filter(({ type }) => type === 'message.added').map(({ messageId }) => messageId);
}
