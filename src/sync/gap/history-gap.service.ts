import { Injectable, Logger } from '@nestjs/common';
import { EventLogService } from '../../event/log/event-log.service';
import { GmailApiClient } from '../../gmail/client/gmail-api.client';
import { waitForBudget } from '../../gmail/quota/patience';
import { CursorPositionStore } from '../cursor/cursor-position.store';
import { PostponedError } from '../cursor/sync.errors';
import type { SyncRun } from '../cursor/sync.types';
import { DateRepairService } from './date-repair.service';
import type { RepairEnd } from './repair-end';
import { SnapshotRepairService } from './snapshot-repair.service';

/**
 * How many gaps are repaired at once here. A repair waits in place when the budget of its mailbox is spent; half of the
 * places for syncs stay free of them. The others come back after a while.
 */
const MAX_REPAIRS = 16;
const BUSY_WAIT_MS = 5_000;

/**
 * Repairs a gap: Gmail no longer has the history from the cursor on. With a snapshot, everything in which the mailbox
 * differs from it is appended with `origin: "backfill"`. Without one, what arrived since the last sync is found by its time;
 * deletions and label changes are then not recovered, so `complete` is false.
 */
@Injectable()
export class HistoryGapService {
  private readonly logger = new Logger(HistoryGapService.name);
  private running = 0;

  constructor(
    private readonly gmail: GmailApiClient,
    private readonly positions: CursorPositionStore,
    private readonly log: EventLogService,
    private readonly snapshotRepair: SnapshotRepairService,
    private readonly dateRepair: DateRepairService,
  ) {}

  /**
   * Appends what is found, chunk by chunk, then the `mailbox.gap` together with the new cursor. Safe to be repeated.
   *
   * @returns in how many milliseconds the mailbox is due again
   */
  async repair(run: SyncRun): Promise<number | null> {
    if (this.running >= MAX_REPAIRS)
      throw new PostponedError(BUSY_WAIT_MS, 'enough other gaps are being repaired');
    this.running++;
    try {
      return await this.repairNow(patient(run));
    } finally {
      this.running--;
    }
  }

  private async repairNow(run: SyncRun): Promise<number | null> {
    const { mailbox, progress } = run;
    // Asked for first: what happens while the messages are being listed is then in the history after it.
    const to = await this.gmail.currentHistoryId(run.caller);
    const before = progress.events;
    const end = (await this.snapshotRepair.repair(run, to)) ?? (await this.dateRepair.repair(run));
    const { dueIn, data } = await this.finish(run, to, end);
    progress.cursor = to;
    const events = progress.events - before;
    this.logger.warn({ mailboxId: mailbox.id, ...data, events }, 'history had expired');
    return dueIn;
  }

  private finish({ mailbox, claim, progress }: SyncRun, to: bigint, end: RepairEnd) {
    const from = claim.historyId;
    return this.log.transaction(mailbox.id, async ({ manager, append }) => {
      const dueIn = await this.positions.finish(claim, { from, to, found: false }, manager);
      const data = {
        fromHistoryId: from.toString(),
        toHistoryId: to.toString(),
        ...(await end(manager)),
      };
      progress.events += await append(mailbox, [{ type: 'mailbox.gap', origin: 'backfill', data }]);
      return { dueIn, data };
    });
  }
}

/** A repair would have to begin with its lists again: it waits where it is while the budget is spent. */
function patient(run: SyncRun): SyncRun {
  const { signal } = run;
  const patience = { waitAfter: (error: unknown) => waitForBudget(error, signal) };
  return { ...run, caller: { ...run.caller, priority: 'repair', patience } };
}
