import { Injectable, Logger } from '@nestjs/common';
import { GmailApiClient } from '../gmail/client/gmail-api.client';
import { inOrder } from '../gmail/client/gmail-response';
import { historyPages } from '../gmail/client/pages';
import { GmailApiError } from '../gmail/gmail.errors';
import type { HistoryPage, HistoryRecord } from '../gmail/gmail.types';
import { CursorPositionStore } from './cursor/cursor-position.store';
import { SupersededError } from './cursor/sync.errors';
import type { SyncRun } from './cursor/sync.types';
import { HistoryGapService } from './gap/history-gap.service';
import { historyChunks, singleRecords } from './history/history-chunks';
import { type ReadRecords, RecordEventService } from './record-event.service';
import { RecordCommitService } from './record-commit.service';

/** Added messages whose content is read before a commit: 2,000 of the 6,000 quota units that a mailbox has a minute. */
const CHUNK_SIZE = 100;

/** Reads history from the mailbox cursor, every page of it, and commits events and cursor together. */
@Injectable()
export class HistoryReaderService {
  private readonly logger = new Logger(HistoryReaderService.name);

  constructor(
    private readonly gmail: GmailApiClient,
    private readonly events: RecordEventService,
    private readonly commits: RecordCommitService,
    private readonly gaps: HistoryGapService,
    private readonly positions: CursorPositionStore,
  ) {}

  /**
   * Brings the log up to Gmail's history. A long history is committed in chunks, each with the cursor at its last record.
   *
   * @returns in how many milliseconds the mailbox is due again; null: not by the clock
   * @throws SupersededError, PostponedError and what the Gmail client throws; what was committed stays
   */
  async read(run: SyncRun): Promise<number | null> {
    try {
      return await this.readPages(run);
    } catch (error) {
      // The only thing of these that can be missing is the history itself.
      if (!(error instanceof GmailApiError) || error.code !== 'gmail_not_found') throw error;
      return this.gaps.repair(run);
    }
  }

  private async readPages(run: SyncRun): Promise<number | null> {
    let rest: HistoryRecord[] = [];
    let mailboxIsAt = run.claim.historyId;
    for await (const page of historyPages(this.gmail, run.caller, run.claim.historyId)) {
      rest = await this.readPage(run, page, rest);
      mailboxIsAt = page.historyId;
    }
    const found = rest.length > 0 || run.progress.cursor > run.claim.historyId;
    if (!found && mailboxIsAt < run.claim.historyId && (await this.gaps.isOfAnother(run)))
      return this.gaps.repair(run);
    return this.finish(run, rest, mailboxIsAt);
  }

  /**
   * @param begun what the page before has returned
   * @returns what is not committed yet. Of the last page its last chunk, which ends the run; of another the records with its
   * last id, for the next page may have more with that id
   */
  private async readPage(run: SyncRun, page: HistoryPage, begun: HistoryRecord[]): Promise<HistoryRecord[]> {
    const { claim, mode, progress } = run;
    const isLast = page.nextPageToken === undefined;
    progress.pages++;
    // What Google repeats has been read already.
    const fresh = inOrder([...begun, ...page.records]).filter(({ id }) => BigInt(id) > progress.cursor);
    const begins = isLast ? [] : fresh.filter(({ id }) => id === fresh.at(-1)!.id);
    const records = fresh.slice(0, fresh.length - begins.length);
    const chunks = mode === 'together' ? historyChunks(records, CHUNK_SIZE) : singleRecords(records);
    // It is the first one after the cursor that failed again and again.
    const failing = mode === 'skipping' && progress.cursor === claim.historyId ? chunks.shift() : undefined;
    if (failing) await this.skip(run, failing);
    const rest = isLast ? (chunks.pop() ?? []) : begins;
    for (const chunk of chunks) await this.commit(run, chunk);
    return rest;
  }

  /** What was read is kept, also when the rest cannot be read now. */
  private async commit(run: SyncRun, chunk: HistoryRecord[]): Promise<void> {
    await this.inFilter(run, chunk, (read) => this.advance(run, read));
  }

  /** @throws what stopped the reading */
  private async advance(run: SyncRun, read: ReadRecords): Promise<void> {
    if (read.records.length > 0) await this.commits.advance(run, read);
    if (read.stoppedBy) throw read.stoppedBy;
  }

  /** Reads records and commits them; once more when another filter came into force meanwhile, without reading mail again. */
  private async inFilter<T>(
    run: SyncRun,
    records: HistoryRecord[],
    commit: (read: ReadRecords) => Promise<T>,
  ): Promise<T> {
    for (;;) {
      const read = await this.events.read(run, records);
      try {
        return await commit(read);
      } catch (error) {
        if (!(error instanceof SupersededError) || !(await this.positions.refreshFilter(run.claim)))
          throw error;
        this.events.keep(run, read);
      }
    }
  }

  /** Goes past a record that cannot be processed, with events that say so. */
  private async skip(run: SyncRun, records: HistoryRecord[]): Promise<void> {
    const read = await this.events.withoutContent(run, records);
    const [historyId, messageIds] = [records[0]!.id, read.events.map(({ messageId }) => messageId)];
    this.logger.error(
      { mailboxId: run.mailbox.id, historyId, messageIds },
      'a history record cannot be processed and is skipped; its events say so',
    );
    // Whether the snapshot can take what nothing else could is not worth finding out.
    await this.commits.advance(run, read, 'built_anew');
  }

  private finish(run: SyncRun, rest: HistoryRecord[], mailboxIsAt: bigint): Promise<number | null> {
    const { claim, mailbox, progress } = run;
    return this.inFilter(run, rest, async (read) => {
      if (read.stoppedBy) await this.advance(run, read);
      const { records, events } = read;
      const from = progress.cursor;
      // Never backwards: an answer of a replica of Google's that lags, or one without a record, may name less.
      const to = highest(from, mailboxIsAt, BigInt(records.at(-1)?.id ?? 0));
      const end = { from, to, found: progress.events + events.length > 0 };
      const dueIn = await this.commits.finish(run, end, read);
      if (claim.hintIsOverdue && claim.notifiedHistoryId! > to)
        this.logger.warn(
          { mailboxId: mailbox.id, historyId: to.toString(), hinted: claim.notifiedHistoryId!.toString() },
          'history did not reach what a notification named within 10 minutes; the hint was given up',
        );
      return dueIn;
    });
  }
}

function highest(...ids: bigint[]): bigint {
  return ids.reduce((a, b) => (a > b ? a : b));
}
