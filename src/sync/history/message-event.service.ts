import { setImmediate as turn } from 'node:timers/promises';
import { Injectable } from '@nestjs/common';
import { GoogleSettings, SyncSettings } from '../../config/settings';
import type { NewEvent } from '../../event/event.types';
import { GmailApiClient } from '../../gmail/client/gmail-api.client';
import { type GmailMessage, type MessageDetail, onlyMetadataScope } from '../../gmail/gmail.types';
import type { GmailCaller } from '../../gmail/quota/costs';
import type { MessageChange } from './history-to-changes';
import { labelsCount } from '../../gmail/label-filter';
import { type MessagePayload, toMessagePayload } from '../../gmail/message/message-payload';
import { CursorPositionStore } from '../cursor/cursor-position.store';

/** What is kept of a message that was read: little, however large it is. */
export type ReadMessage = Omit<GmailMessage, 'payload'> & { content: MessagePayload | null };

/** Undefined for one that is gone. */
export type MessagesById = ReadonlyMap<string, ReadMessage | undefined>;

/** Turns changes into events, with the content of added messages as `MESSAGE_PAYLOAD` asks for it. */
@Injectable()
export class MessageEventService {
  private readonly detail: MessageDetail | undefined;

  constructor(
    settings: SyncSettings,
    google: GoogleSettings,
    private readonly gmail: GmailApiClient,
    private readonly positions: CursorPositionStore,
  ) {
    this.detail = detailFor(settings, google);
  }

  /** One event for each change, in order. Messages are read with as few requests as possible, each once. */
  async toEvents(caller: GmailCaller, changes: MessageChange[]): Promise<NewEvent[]> {
    const added = [
      ...new Set(changes.filter(({ type }) => type === 'message.added').map(({ messageId }) => messageId)),
    ];
    return this.describe(changes, this.detail === undefined ? new Map() : await this.read(caller, added));
  }

  /** The same of changes that cannot be processed: what history told, and that there is no more. */
  withoutContent(changes: MessageChange[]): NewEvent[] {
    return changes.map((change) => {
      const { data, ...event } = this.toEvent(change, undefined);
      delete data.gone;
      return { ...event, data: { ...data, error: 'unprocessable' } };
    });
  }

  /** Events for messages that were found without the help of history, as far as they pass the filter. */
  async toBackfill(caller: GmailCaller, ids: string[]): Promise<NewEvent[]> {
    const messages = await this.read(caller, ids);
    const counts = labelsCount(await this.positions.filter(caller.mailboxId));
    const changes = [...messages.values()]
      .filter((message) => message !== undefined)
      .filter(({ labelIds }) => counts(labelIds))
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

  /**
   * Messages by id, with as much of each as `message.added` needs by default. Whatever mail is made of, other work has its
   * turn between one message and the next.
   */
  async read(
    caller: GmailCaller,
    ids: string[],
    detail: MessageDetail = this.detail ?? 'minimal',
  ): Promise<MessagesById> {
    const read = new Map<string, ReadMessage | undefined>();
    for await (const [id, message] of this.gmail.messages(caller, ids, detail)) {
      if (message) await turn();
      read.set(id, message && toReadMessage(message, detail));
    }
    return read;
  }

  /**
   * Events for changes that were found without the help of history.
   *
   * @param messages as they have been read; null when they cannot be processed
   */
  toRepaired(changes: MessageChange[], messages: MessagesById | null): NewEvent[] {
    const events = messages ? this.describe(changes, messages) : this.withoutContent(changes);
    return events.map((event) => ({ ...event, origin: 'backfill' }));
  }

  private describe(changes: MessageChange[], messages: MessagesById): NewEvent[] {
    return changes.map((change) => this.toEvent(change, messages.get(change.messageId)));
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

function detailFor({ messagePayload }: SyncSettings, google: GoogleSettings): MessageDetail | undefined {
  if (messagePayload === 'ids') return undefined;
  if (onlyMetadataScope(google)) return 'headers';
  return messagePayload === 'full' ? 'bodies' : 'structure';
}

/** @param detail how much of it was read: with `minimal` there is no content */
function toReadMessage({ payload, ...message }: GmailMessage, detail: MessageDetail): ReadMessage {
  const content =
    detail === 'minimal' ? null : toMessagePayload({ ...message, payload }, detail === 'bodies');
  return { ...message, content };
}

/** Gmail's time has milliseconds only: of two messages in one of them, the history id tells which came first. */
export function byArrival(a: ReadMessage, b: ReadMessage): number {
  return (
    Number(a.internalDate) - Number(b.internalDate) ||
    Number(BigInt(a.historyId ?? 0) - BigInt(b.historyId ?? 0))
  );
}
