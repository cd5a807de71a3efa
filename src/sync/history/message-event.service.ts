import { setImmediate as turn } from 'node:timers/promises';
import { Injectable } from '@nestjs/common';
import { GoogleSettings, MessageSettings } from '../../config/settings';
import type { NewEvent } from '../../event/event.types';
import { GmailApiClient } from '../../gmail/client/gmail-api.client';
import { type GmailMessage, type MessageDetail, onlyMetadataScope } from '../../gmail/gmail.types';
import type { GmailCaller } from '../../gmail/quota/costs';
import { isDraft } from './draft-changes';
import type { MessageChange } from './history-to-changes';
import { labelsCount } from '../../gmail/label-filter';
import { toMessagePayload } from '../../gmail/message/message-payload';
import { CursorPositionStore } from '../cursor/cursor-position.store';
import type { ReadingRun } from '../cursor/sync.types';
import { byArrival, type MessagesById, type ReadMessage } from './read-message';
import { MissingMessageService } from './missing-message.service';

/** Turns changes into events, with the content of added messages as `MESSAGE_PAYLOAD` asks for it. */
@Injectable()
export class MessageEventService {
  private readonly detail: MessageDetail | undefined;

  constructor(
    private readonly settings: MessageSettings,
    google: GoogleSettings,
    private readonly gmail: GmailApiClient,
    private readonly positions: CursorPositionStore,
    private readonly missing: MissingMessageService,
  ) {
    this.detail = detailFor(settings, google);
  }

  /** Whether events carry something of their messages. */
  get readsContent(): boolean {
    return this.detail !== undefined;
  }

  /** One event for each change, in order; but for drafts that only the message itself shows to be some. */
  toEvents(changes: MessageChange[], messages: MessagesById): NewEvent[] {
    const counting = changes.filter((change) => !this.isUnlabelledDraft(change, messages));
    return counting.map((change) => this.toEvent(change, messages.get(change.messageId)));
  }

  /** The same of changes that cannot be processed: what history reported, and that there is no more. */
  withoutContent(changes: MessageChange[]): NewEvent[] {
    return changes.map((change) => {
      const { data, ...event } = this.toEvent(change, undefined);
      delete data.gone;
      return { ...event, data: { ...data, error: 'unprocessable' } };
    });
  }

  /**
   * Events for messages that were found without the help of history, as far as they pass the filter.
   *
   * @param listedAt where history was before the list that they are from
   * @param isWanted which of them
   */
  async toBackfill(
    run: ReadingRun,
    listedAt: bigint,
    ids: string[],
    isWanted: (message: ReadMessage) => boolean = () => true,
  ): Promise<NewEvent[]> {
    const messages = await this.readListed(run, listedAt, ids);
    const counts = labelsCount(await this.positions.filter(run.mailbox.id));
    const changes = [...messages.values()]
      .filter((message) => message !== undefined)
      .filter((message) => counts(message.labelIds) && !this.leavesOut(message.labelIds) && isWanted(message))
      .sort(byArrival)
      .map(({ id, threadId = null, historyId = '0', labelIds = null }): MessageChange => ({
        type: 'message.added',
        messageId: id,
        threadId,
        historyId,
        labelIds,
        changedLabelIds: [],
      }));
    return this.toRepaired(changes, messages);
  }

  /** Messages that a list has shown: those that Gmail does not give yet are waited for. */
  readListed(run: ReadingRun, listedAt: bigint, ids: string[]): Promise<MessagesById> {
    return this.missing.readListed(run, listedAt, ids, (some) => this.read(run.caller, some));
  }

  /**
   * Messages by id, with as much of each as `message.added` needs by default. Whatever mail is made of, other work has its
   * turn between one message and the next.
   *
   * @param read what was read is put in here, also when this throws
   */
  async read(
    caller: GmailCaller,
    ids: string[],
    detail: MessageDetail = this.detail ?? 'minimal',
    read = new Map<string, ReadMessage | undefined>(),
  ): Promise<MessagesById> {
    for await (const [id, message] of this.gmail.messages(caller, ids, detail)) {
      if (message) await turn();
      read.set(id, message && this.toReadMessage(message, detail));
    }
    return read;
  }

  /**
   * Events for changes that were found without the help of history.
   *
   * @param messages as they have been read; null when they cannot be processed
   */
  toRepaired(changes: MessageChange[], messages: MessagesById | null): NewEvent[] {
    const events = messages ? this.toEvents(changes, messages) : this.withoutContent(changes);
    return events.map((event) => ({ ...event, origin: 'backfill' }));
  }

  /** @param detail how much of it was read: with `minimal` there is no content */
  private toReadMessage({ payload, ...message }: GmailMessage, detail: MessageDetail): ReadMessage {
    const withBodies = detail === 'bodies';
    const content =
      detail === 'minimal'
        ? null
        : toMessagePayload({ ...message, payload }, withBodies, this.settings.headers);
    return { ...message, content };
  }

  private isUnlabelledDraft({ type, messageId, labelIds }: MessageChange, messages: MessagesById): boolean {
    if (type !== 'message.added' || labelIds !== null) return false;
    return this.leavesOut(messages.get(messageId)?.labelIds);
  }

  private leavesOut(labelIds: string[] | undefined): boolean {
    return this.settings.drafts === 'none' && isDraft(labelIds);
  }

  private toEvent(change: MessageChange, message: ReadMessage | undefined): NewEvent {
    const { type, messageId, threadId, historyId, labelIds, changedLabelIds } = change;
    const ids = { messageId, threadId, historyId };
    switch (type) {
      case 'message.added': {
        const gone = this.detail !== undefined && message === undefined;
        const labels = labelIds ?? message?.labelIds ?? [];
        return {
          type,
          messageId,
          data: { ...ids, labelIds: labels, message: message?.content ?? null, ...(gone && { gone }) },
        };
      }
      case 'message.labels_added':
      case 'message.labels_removed':
        return { type, messageId, data: { ...ids, changedLabelIds, labelIds: labelIds ?? [] } };
      case 'message.deleted':
        return { type, messageId, data: ids };
    }
  }
}

function detailFor({ payload }: MessageSettings, google: GoogleSettings): MessageDetail | undefined {
  if (payload === 'ids') return undefined;
  if (onlyMetadataScope(google)) return 'headers';
  return payload === 'full' ? 'bodies' : 'structure';
}
