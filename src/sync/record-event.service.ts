import { Injectable } from '@nestjs/common';
import { isConnectionError } from '../common/connection-error';
import { InboxwireError } from '../common/inboxwire.error';
import type { NewEvent } from '../event/event.types';
import type { HistoryRecord } from '../gmail/gmail.types';
import { MessageCache } from '../gmail/message/message-cache';
import { announcedBy } from './cursor/awaited-notification';
import type { SyncRun } from './cursor/sync.types';
import type { MessageChange } from './history/history-to-changes';
import { MessageEventService } from './history/message-event.service';
import { incomplete, type MessagesById, type ReadMessage } from './history/read-message';
import { MissingMessageService } from './history/missing-message.service';
import { PoisonMessageDetector } from './history/poison-message-detector';
import type { SettledChange } from './history/own-changes';
import { readableRecords } from './history/readable-records';
import { RecordChangeService } from './record-change.service';

/** Records whose messages were read, with their events. */
export interface ReadRecords {
  /** The first of those that were asked for: all of them, unless something stopped the reading. */
  records: HistoryRecord[];
  events: NewEvent[];
  /** What was read for them. */
  messages: MessagesById;
  /** The own changes that they have shown: over when the records are committed. */
  settled: string[];
  stoppedBy?: Error;
}

/** Turns history records into events, by the filter of the run. */
@Injectable()
export class RecordEventService {
  private readonly cache = new MessageCache<ReadMessage>();

  constructor(
    private readonly changes: RecordChangeService,
    private readonly messages: MessageEventService,
    private readonly poison: PoisonMessageDetector,
    private readonly missing: MissingMessageService,
  ) {}

  /**
   * Reads as many of the records as can be read now. What was read behind the first that cannot is kept for the next run.
   */
  async read(run: SyncRun, records: HistoryRecord[]): Promise<ReadRecords> {
    const { mailbox, claim } = run;
    if (records.length === 0) return { records, events: [], messages: new Map(), settled: [] };
    const counting = await this.changes.changesOf(run, records);
    const { changes, heldBy } = counting;
    const { messages, unread, stoppedBy } = await this.readMessages(run, addedIds(changes));
    const readable = readableRecords(counting.records, changes, unread);
    if (stoppedBy) this.cache.keep(mailbox.id, whole(messages), waitOf(stoppedBy));
    const count = new Set(readable.map(({ id }) => id));
    const events = this.messages.toEvents(
      changes.filter(({ historyId }) => count.has(historyId)),
      messages,
    );
    return {
      records: readable,
      events: announcedBy(events, claim.notifications),
      messages,
      settled: settledIn(count, counting.settled),
      ...((stoppedBy ?? heldBy) && { stoppedBy: stoppedBy ?? heldBy }),
    };
  }

  /** Keeps what was read: it is to be read again, by another filter. */
  keep({ mailbox }: SyncRun, { messages }: ReadRecords): void {
    this.cache.keep(mailbox.id, whole(messages), 0);
  }

  /** The same of records that cannot be processed: what history reports, as far as even that can be read. */
  async withoutContent(run: SyncRun, records: HistoryRecord[]): Promise<ReadRecords> {
    const messages: MessagesById = new Map();
    try {
      const { changes, settled } = await this.changes.changesOf(run, records);
      const events = this.messages.withoutContent(changes);
      return { records, events, messages, settled: settled.map(({ id }) => id) };
    } catch (error) {
      if (isConnectionError(error)) throw error;
      // Not even its ids can be read: then there is nothing to report, except in the log.
      return { records, events: [], messages, settled: [] };
    }
  }

  private async readMessages(
    run: SyncRun,
    ids: string[],
  ): Promise<{ messages: MessagesById; unread: string[]; stoppedBy?: Error }> {
    const messages = new Map<string, ReadMessage | undefined>(this.cache.take(run.mailbox.id, ids));
    if (!this.messages.readsContent) return { messages, unread: [] };
    const toRead = ids.filter((id) => !messages.has(id));
    try {
      await this.messages.read(run.caller, toRead, undefined, messages);
    } catch (error) {
      const failed = ids.filter((id) => !messages.has(id));
      const stoppedBy = await this.poison.explain(run, failed, asError(error));
      // Those that Gmail answered 404 for are asked again with the rest: nobody has waited for them yet.
      return { messages, unread: incomplete(ids, messages), stoppedBy };
    }
    const unread = await this.missing.awaited(run, incomplete(ids, messages));
    if (unread.length === 0) return { messages, unread };
    return { messages, unread, stoppedBy: this.missing.postponement(run, unread) };
  }
}

function settledIn(historyIds: ReadonlySet<string>, settled: SettledChange[]): string[] {
  return settled.filter(({ historyId }) => historyIds.has(historyId)).map(({ id }) => id);
}

/** Milliseconds until what was refused may be asked for again, where Google has named a time. */
function waitOf(error: Error): number {
  const retryAt = error instanceof InboxwireError ? error.retryAt : undefined;
  return retryAt ? retryAt.getTime() - Date.now() : 0;
}

/** Without those that are asked for again. */
function whole(messages: MessagesById): MessagesById {
  return new Map([...messages].filter(([, message]) => !message?.awaitsText));
}

function asError(thrown: unknown): Error {
  return Error.isError(thrown) ? thrown : new Error(String(thrown));
}

function addedIds(changes: MessageChange[]): string[] {
  const added = changes.filter(({ type }) => type === 'message.added');
  return [...new Set(added.map(({ messageId }) => messageId))];
}
