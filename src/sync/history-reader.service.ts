import { Injectable, Logger } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { EventLogService } from '../event/log/event-log.service';
import type { NewEvent } from '../event/event.types';
import { GmailApiClient } from '../gmail/client/gmail-api.client';
import { GmailApiError } from '../gmail/gmail.errors';
import type { HistoryPage, HistoryRecord } from '../gmail/gmail.types';
import type { GmailCaller } from '../gmail/quota/costs';
import type { Mailbox } from '../mailbox/mailbox.types';
import { announcedBy } from './cursor/awaited-notification';
import { historyChunks, singleRecords } from './history/history-chunks';
import { HistoryGapService } from './gap/history-gap.service';
import { readingMode } from './cursor/poison';
import { RecordEventService } from './history/record-event.service';
import { SnapshotStore } from './snapshot/snapshot.store';
import { type SyncClaim, SyncClaimStore } from './cursor/sync-claim.store';
import type { SyncProgress, SyncResult } from './cursor/sync.types';

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
    private readonly events: RecordEventService,
    private readonly log: EventLogService,
    private readonly gaps: HistoryGapService,
    private readonly snapshots: SnapshotStore,
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
    const caller: GmailCaller = { mailboxId: mailbox.id, priority: 'sync', signal };
    try {
      return await this.readPages(mailbox, caller, claim, progress);
    } catch (error) {
      // The only thing of these that can be missing is the history itself.
      if (!(error instanceof GmailApiError) || error.code !== 'gmail_not_found') throw error;
      return this.gaps.repair(mailbox, claim, progress, signal);
    }
  }

  private async readPages(
    mailbox: Mailbox,
    caller: GmailCaller,
    claim: SyncClaim,
    progress: SyncProgress,
  ): Promise<SyncResult> {
    let pageToken: string | undefined;
    const mode = readingMode(claim.attempts);
    for (;;) {
      const page = await this.gmail.history(caller, claim.historyId, pageToken);
      progress.pages++;
      // What Google repeats has been read already.
      const records = page.records.filter(({ id }) => BigInt(id) > progress.cursor);
      const chunks = mode === 'together' ? historyChunks(records, CHUNK) : singleRecords(records);
      // It is the first one after the cursor that failed again and again.
      const failing =
        mode === 'passing_over' && progress.cursor === claim.historyId ? chunks.shift() : undefined;
      if (failing && !(await this.skipRecord(mailbox, failing, progress))) return SUPERSEDED;
      const isLastPage = page.nextPageToken === undefined;
      const rest = isLastPage ? (chunks.pop() ?? []) : [];
      for (const chunk of chunks)
        if (!(await this.commitChunk(mailbox, caller, claim, chunk, progress))) return SUPERSEDED;
      if (isLastPage) return this.commitRest(mailbox, caller, claim, rest, page, progress);
      pageToken = page.nextPageToken;
    }
  }

  private async commitChunk(
    mailbox: Mailbox,
    caller: GmailCaller,
    claim: SyncClaim,
    records: HistoryRecord[],
    progress: SyncProgress,
  ): Promise<boolean> {
    const events = await this.toEvents(caller, claim, records);
    const keepInStep = (manager: EntityManager) => this.snapshots.apply(manager, mailbox.id, records);
    return this.commitEvents(mailbox, records, events, keepInStep, progress);
  }

  private async toEvents(
    caller: GmailCaller,
    { attempts, notifications }: SyncClaim,
    records: HistoryRecord[],
  ): Promise<NewEvent[]> {
    return announcedBy(await this.events.toEvents(caller, records, readingMode(attempts)), notifications);
  }

  /** Goes past a record that cannot be processed, with events that say so. */
  private async skipRecord(
    mailbox: Mailbox,
    records: HistoryRecord[],
    progress: SyncProgress,
  ): Promise<boolean> {
    const events = await this.events.withoutContent(mailbox.id, records);
    const [historyId, messageIds] = [records[0]!.id, events.map(({ messageId }) => messageId)];
    this.logger.error(
      { mailboxId: mailbox.id, historyId, messageIds },
      'a history record cannot be processed and is passed over; its events say so',
    );
    // Whether the snapshot can take what nothing else could is not worth finding out.
    const buildAnew = (manager: EntityManager) => this.snapshots.restart(manager, mailbox.id);
    return this.commitEvents(mailbox, records, events, buildAnew, progress);
  }

  private async commitEvents(
    mailbox: Mailbox,
    records: HistoryRecord[],
    events: NewEvent[],
    updateSnapshot: (manager: EntityManager) => Promise<void>,
    progress: SyncProgress,
  ): Promise<boolean> {
    const to = BigInt(records.at(-1)!.id);
    const moved = await this.log.transaction(mailbox.id, async ({ manager, append }) => {
      if (!(await this.store.advance(manager, mailbox.id, progress.cursor, to))) return false;
      progress.events += await append(mailbox, events);
      await updateSnapshot(manager);
      return true;
    });
    if (moved) progress.cursor = to;
    return moved;
  }

  private async commitRest(
    mailbox: Mailbox,
    caller: GmailCaller,
    claim: SyncClaim,
    records: HistoryRecord[],
    page: HistoryPage,
    progress: SyncProgress,
  ): Promise<SyncResult> {
    const from = progress.cursor;
    // Never backwards: an answer of a replica of Google's that lags, or one without a record, may name less.
    const to = highest(from, page.historyId, BigInt(records.at(-1)?.id ?? 0));
    const events = await this.toEvents(caller, claim, records);
    const end = { from, to, found: progress.events + events.length > 0 };
    const result =
      records.length === 0
        ? await this.store.finish(claim, end)
        : await this.log.transaction(mailbox.id, async ({ manager, append }) => {
            const finished = await this.store.finish(claim, end, manager);
            if (!finished.moved) return finished;
            progress.events += await append(mailbox, events);
            await this.snapshots.apply(manager, mailbox.id, records);
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
}

function highest(...ids: bigint[]): bigint {
  return ids.reduce((a, b) => (a > b ? a : b));
}
