import { setTimeout as delay } from 'node:timers/promises';
import { Injectable } from '@nestjs/common';
import { GmailApiClient } from '../../gmail/client/gmail-api.client';
import { historyPages } from '../../gmail/client/pages';
import { PostponedError } from '../cursor/sync.errors';
import type { ReadingRun } from '../cursor/sync.types';
import { incomplete, type MessagesById } from './read-message';

/** Waits between two questions for a message that Gmail names and does not give: half of its age so far, within these. */
const MIN_WAIT_MS = 500;
const MAX_WAIT_MS = 10_000;

/** How many messages are remembered as missing, and as deleted within one run. Others are waited for once more, or without success. */
const MAX_REMEMBERED = 10_000;
const MAX_DELETED_IDS = 200_000;

/**
 * Messages that history or a list names and Gmail answers 404 for. Gmail's parts do not know of a new message at the same
 * moment: such a message is asked for again for a minute, unless history reports that it was deleted. So is one of whose
 * texts Gmail says the same.
 */
@Injectable()
export class MissingMessageService {
  /** After so long a message, or text, that nobody reported as deleted is gone nevertheless. */
  maxMissingMs = 60_000;
  /** When each was first found missing here, the longest missing first. */
  private readonly since = new Map<string, number>();

  constructor(private readonly gmail: GmailApiClient) {}

  /** @returns those of the messages that may still come; the others are gone */
  async awaited(run: ReadingRun, ids: string[]): Promise<string[]> {
    if (ids.length === 0) return [];
    const deleted = await this.deletedSince(run, run.progress.cursor);
    return ids.filter((id) => !deleted.has(id) && this.age(run, id) < this.maxMissingMs);
  }

  /** What a run ends with that waits for them. A notification makes it go on at once. */
  postponement(run: ReadingRun, ids: string[]): PostponedError {
    const ages = ids.map((id) => this.age(run, id));
    const wait = Math.min(MAX_WAIT_MS, Math.max(MIN_WAIT_MS, Math.min(...ages) / 2));
    return new PostponedError(wait, 'history names messages that Gmail does not give yet', { firm: false });
  }

  /**
   * Reads messages that a list has shown: it waits in place, a minute in all.
   *
   * @param listedAt where history was before the list
   */
  async readListed(
    run: ReadingRun,
    listedAt: bigint,
    ids: string[],
    read: (ids: string[]) => Promise<MessagesById>,
  ): Promise<MessagesById> {
    const { progress, signal } = run;
    const messages = new Map(await read(ids));
    for (let wait = MIN_WAIT_MS; ; wait = Math.min(MAX_WAIT_MS, wait * 2)) {
      const missing = incomplete(ids, messages);
      if (missing.length === 0) return messages;
      progress.missingUntil ??= performance.now() + this.maxMissingMs;
      const deleted = await this.deletedSince(run, listedAt);
      const awaited = missing.filter((id) => !deleted.has(id));
      if (awaited.length === 0 || performance.now() >= progress.missingUntil) return messages;
      await delay(wait, undefined, { signal });
      for (const [id, message] of await read(awaited)) messages.set(id, message);
      progress.deletedIds = undefined;
    }
  }

  /** Milliseconds since it was first found missing, which is now unless it was before. */
  private age({ mailbox }: ReadingRun, id: string): number {
    const key = `${mailbox.id}/${id}`;
    const now = performance.now();
    const since = this.since.get(key);
    if (since !== undefined) return now - since;
    this.since.set(key, now);
    for (const oldest of this.since.keys())
      if (this.since.size > MAX_REMEMBERED) this.since.delete(oldest);
      else break;
    return 0;
  }

  /** The messages that history reports as deleted. It is read once in a run, and only when something is missing. */
  private async deletedSince(
    { caller, progress }: ReadingRun,
    historyId: bigint,
  ): Promise<ReadonlySet<string>> {
    if (progress.deletedIds) return progress.deletedIds;
    const deleted = new Set<string>();
    for await (const { records } of historyPages(this.gmail, caller, historyId))
      for (const { messagesDeleted = [] } of records)
        for (const { message } of messagesDeleted)
          if (deleted.size < MAX_DELETED_IDS) deleted.add(message.id);
    return (progress.deletedIds = deleted);
  }
}
