import { Injectable, Logger } from '@nestjs/common';
import { EventLogService } from '../event/event-log.service';
import type { NewEvent } from '../event/event.types';
import { GmailApiClient } from '../gmail/gmail-api.client';
import { GmailApiError } from '../gmail/gmail.errors';
import type { HistoryPage, HistoryRecord } from '../gmail/gmail.types';
import type { Mailbox } from '../mailbox/mailbox.types';
import { historyChunks } from './history-chunks';
import { HistoryGapService } from './history-gap.service';
import { historyToChanges } from './history-to-changes';
import { MessageEventService } from './message-event.service';
import { type SyncClaim, SyncClaimStore } from './sync-claim.store';
import type { SyncProgress, SyncResult } from './sync.types';

/** Added messages whose content is read before a commit: 2,000 of the 6,000 quota units that a mailbox has a minute. */
const CHUNK = 100;

const SUPERSEDED: SyncResult = { moved: false, dueIn: null };

/** Reads history from the mailbox cursor, every page of it, and commits events and cursor together. */
@Injectable()
export class HistoryReaderService {
  private readonly logger = new Logger(HistoryReaderService.name);

  constructor(
    private readonly store: SyncClaimStore,
    private readonly gmail: GmailApiClient,
    private readonly messages: MessageEventService,
    private readonly log: EventLogService,
    private readonly gaps: HistoryGapService,
  ) {}

  /**
   * Brings the log up to Gmail's history. A long history is committed in chunks, each with the cursor at its last record.
   *
   * @param progress kept up to date, also when this throws
   * @throws what the Gmail client throws; what was committed stays
   */
  async read(
    mailbox: Mailbox,
    claim: SyncClaim,
    progress: SyncProgress,
    signal: AbortSignal,
  ): Promise<SyncResult> {
    try {
      return await this.readPages(mailbox, claim, progress, signal);
    } catch (error) {
      // The only thing of these that can be missing is the history itself.
      if (!(error instanceof GmailApiError) || error.code !== 'gmail_not_found') throw error;
      return this.gaps.repair(mailbox, claim, progress, signal);
    }
  }

  private async readPages(
    mailbox: Mailbox,
    claim: SyncClaim,
    progress: SyncProgress,
    signal: AbortSignal,
  ): Promise<SyncResult> {
    let pageToken: string | undefined;
    for (;;) {
      const page = await this.gmail.history(mailbox.id, claim.historyId, pageToken, signal);
      progress.pages++;
      // What Google repeats has been read already.
      const chunks = historyChunks(
        page.records.filter(({ id }) => BigInt(id) > progress.cursor),
        CHUNK,
      );
      const isLastPage = page.nextPageToken === undefined;
      const rest = isLastPage ? (chunks.pop() ?? []) : [];
      for (const chunk of chunks)
        if (!(await this.commitChunk(mailbox, chunk, progress, signal))) return SUPERSEDED;
      if (isLastPage) return this.commitRest(mailbox, claim, rest, page, progress, signal);
      pageToken = page.nextPageToken;
    }
  }

  private async commitChunk(
    mailbox: Mailbox,
    records: HistoryRecord[],
    progress: SyncProgress,
    signal: AbortSignal,
  ): Promise<boolean> {
    const to = BigInt(records.at(-1)!.id);
    const events = await this.toEvents(mailbox.id, records, signal);
    const moved = await this.log.transaction(mailbox.id, async ({ manager, append }) => {
      if (!(await this.store.advance(manager, mailbox.id, progress.cursor, to))) return false;
      progress.events += await append(mailbox, events);
      return true;
    });
    if (moved) progress.cursor = to;
    return moved;
  }

  private async commitRest(
    mailbox: Mailbox,
    claim: SyncClaim,
    records: HistoryRecord[],
    page: HistoryPage,
    progress: SyncProgress,
    signal: AbortSignal,
  ): Promise<SyncResult> {
    const from = progress.cursor;
    // Never backwards: an answer of a replica of Google's that lags, or one without a record, may name less.
    const to = highest(from, page.historyId, BigInt(records.at(-1)?.id ?? 0));
    const events = await this.toEvents(mailbox.id, records, signal);
    const end = { from, to, found: progress.events + events.length > 0 };
    const result =
      events.length === 0
        ? await this.store.finish(claim, end)
        : await this.log.transaction(mailbox.id, async ({ manager, append }) => {
            const finished = await this.store.finish(claim, end, manager);
            if (finished.moved) progress.events += await append(mailbox, events);
            return finished;
          });
    if (result.moved) progress.cursor = to;
    if (result.moved && claim.hintIsOverdue && claim.notifiedHistoryId! > to)
      this.logger.warn(
        { mailboxId: mailbox.id, historyId: to.toString(), hinted: claim.notifiedHistoryId!.toString() },
        'history did not reach what a notification named within 10 minutes; the hint was given up',
      );
    return result;
  }

  private async toEvents(
    mailboxId: string,
    records: HistoryRecord[],
    signal: AbortSignal,
  ): Promise<NewEvent[]> {
    if (records.length === 0) return [];
    const changes = historyToChanges(records, await this.store.filter(mailboxId));
    return this.messages.toEvents(mailboxId, changes, signal);
  }
}

function highest(...ids: bigint[]): bigint {
  return ids.reduce((a, b) => (a > b ? a : b));
}
