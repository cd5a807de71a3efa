import { Injectable } from '@nestjs/common';
import { inChunks } from '../../common/in-chunks';
import { EventLogService } from '../../event/log/event-log.service';
import { GmailApiClient } from '../../gmail/client/gmail-api.client';
import { historyPages } from '../../gmail/client/pages';
import { GmailApiError } from '../../gmail/gmail.errors';
import { FoundMessageService } from '../gap/found-message.service';
import { MARGIN_MS } from '../gap/messages-by-date.service';
import { BackfillCommitService } from './backfill-commit.service';
import { BackfillListsService, type ListedWindow } from './backfill-lists.service';
import type { BackfillRun } from './backfill.types';
import { WINDOW_SIZE } from './listed-window';

/** Then another backfill has its turn. Where lists are read as a whole, to read them again costs more. */
const MAX_RUN_MS = 30_000;
const MAX_RUN_WITHOUT_SEARCH_MS = 600_000;

/** Reads a mailbox by its time from where the backfill has got to, and appends what the log has never had. */
@Injectable()
export class BackfillRunService {
  constructor(
    private readonly lists: BackfillListsService,
    private readonly messages: FoundMessageService,
    private readonly log: EventLogService,
    private readonly commits: BackfillCommitService,
    private readonly gmail: GmailApiClient,
  ) {}

  /**
   * @returns whether it has reached the end
   * @throws SupersededError and what the Gmail client throws; what was appended stays
   */
  async read(run: BackfillRun): Promise<boolean> {
    const { claim, mailbox, caller, signal } = run;
    const started = performance.now();
    const range = { from: claim.position ?? claim.since, to: claim.until };
    const unknown = (ids: string[]) => this.log.withoutAdded(mailbox.id, ids);
    for await (const window of this.lists.windows(caller, range, claim.filter, unknown)) {
      run.progress.pages++;
      await this.append(run, await this.withoutAnnounced(run, window), window.to);
      if (window.to !== null) await this.commits.move(claim, window.to);
      signal.throwIfAborted();
      const maxMs = window.to === null ? MAX_RUN_WITHOUT_SEARCH_MS : MAX_RUN_MS;
      if (window.to !== claim.until && performance.now() - started > maxMs) return false;
    }
    await this.commits.finish(run);
    return true;
  }

  /** What the history after the cursor names is left to a sync of the mailbox: it is live. Without a watch none would come by itself. */
  private async withoutAnnounced(
    { claim, caller }: BackfillRun,
    { ids, to }: ListedWindow,
  ): Promise<string[]> {
    if (ids.length === 0 || (to !== null && to < claim.until - 2 * MARGIN_MS)) return ids;
    const announced = new Set<string>();
    try {
      for await (const { records } of historyPages(this.gmail, caller, claim.historyId))
        for (const { messagesAdded = [] } of records)
          for (const { message } of messagesAdded) announced.add(message.id);
    } catch (error) {
      // Without a history there is nothing that it could announce: nothing has happened, or there is a gap to be repaired.
      if (!(error instanceof GmailApiError) || error.code !== 'gmail_not_found') throw error;
    }
    const unannounced = ids.filter((id) => !announced.has(id));
    if (unannounced.length < ids.length) await this.commits.leaveToSync(claim.mailboxId);
    return unannounced;
  }

  /** @param to messages from then on are in the next window */
  private async append(run: BackfillRun, ids: string[], to: number | null): Promise<void> {
    const { since, until } = run.claim;
    const isWanted = ({ internalDate }: { internalDate?: string }) =>
      Number(internalDate) >= since && Number(internalDate) < (to ?? until);
    for (const some of inChunks(ids, run.mode === 'together' ? WINDOW_SIZE : 1))
      await this.appendSome(run, some, isWanted);
  }

  /** What changes between reading it and appending it is read again, and keeps its place. */
  private async appendSome(
    run: BackfillRun,
    ids: string[],
    isWanted: (message: { internalDate?: string }) => boolean,
  ): Promise<void> {
    const { mailbox, claim } = run;
    let readAt = await this.log.lastSequence(mailbox.id);
    let events = await this.messages.read(run, claim.historyId, ids, isWanted);
    for (;;) {
      const left = await this.commits.append(run, events, readAt);
      if (left.length === 0) return;
      const { changed, until } = await this.commits.changed(run, left, readAt);
      const again = await this.messages.read(run, claim.historyId, [...changed], isWanted);
      events = left.flatMap((event) =>
        changed.has(event.messageId!)
          ? again.filter(({ messageId }) => messageId === event.messageId)
          : event,
      );
      readAt = until;
    }
  }
}
