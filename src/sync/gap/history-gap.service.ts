import { Injectable, Logger } from '@nestjs/common';
import { EventLogService } from '../../event/log/event-log.service';
import { GmailApiClient } from '../../gmail/client/gmail-api.client';
import { GmailApiError } from '../../gmail/gmail.errors';
import { waitForBudget } from '../../gmail/quota/patience';
import { CursorPositionStore } from '../cursor/cursor-position.store';
import { GapFoundError } from '../cursor/sync.errors';
import type { SyncRun } from '../cursor/sync.types';
import { DateRepairService } from './date-repair.service';
import type { RepairEnd } from './repair-end';
import { SnapshotRepairService } from './snapshot-repair.service';

/** So many answers in a row that name less than the cursor are taken for a replica of Google's that lags: half a minute. */
const MAX_LAGGING_ANSWERS = 5;

/**
 * Repairs a gap: Gmail no longer has the history from the cursor on. With a snapshot, everything in which the mailbox
 * differs from it is appended with `origin: "backfill"`. Without one, what arrived since the last sync is found by its time;
 * deletions and label changes are then not recovered, so `complete` is false.
 */
@Injectable()
export class HistoryGapService {
  private readonly logger = new Logger(HistoryGapService.name);

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
   * @throws GapFoundError outside of the lane for repairs
   */
  async repair(syncRun: SyncRun): Promise<number | null> {
    const run = syncRun.claim.lane === 'repair' ? patient(syncRun) : syncRun;
    // Asked for first: what happens while the messages are being listed is then in the history after it.
    const to = await this.gmail.currentHistoryId(run.caller);
    if (isStillAt(run, to)) return this.positions.finish(run.claim, { from: to, to, found: false });
    if (run.claim.lane !== 'repair') throw new GapFoundError();
    const { mailbox, progress } = run;
    const before = progress.events;
    const end = (await this.snapshotRepair.repair(run, to)) ?? (await this.dateRepair.repair(run, to));
    const { dueIn, data } = await this.finish(run, to, end);
    progress.cursor = to;
    const events = progress.events - before;
    this.logger.warn({ mailboxId: mailbox.id, ...data, events }, 'history had expired');
    return dueIn;
  }

  /**
   * Whether the cursor is of another history than the mailbox has now, asked when Gmail has named less than the cursor. An
   * account that was deleted and made anew under the same address begins with low ids, and all of its changes would be behind the cursor.
   */
  async isOfAnother({ caller, claim }: SyncRun): Promise<boolean> {
    return (await this.gmail.currentHistoryId(caller)) < claim.historyId;
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
      const { length } = await append([{ type: 'mailbox.gap', origin: 'backfill', data }]);
      progress.events += length;
      return { dueIn, data };
    });
  }
}

/**
 * Whether nothing has happened behind the cursor. A mailbox that was quiet for long has an id that Gmail's history does not
 * reach, and that is its newest one nevertheless.
 *
 * @throws GmailApiError when Gmail is behind the cursor: one of its replicas lags. After some attempts it is believed
 */
function isStillAt({ claim: { historyId, failures } }: SyncRun, to: bigint): boolean {
  if (to < historyId && failures < MAX_LAGGING_ANSWERS)
    throw new GmailApiError(
      'gmail_unavailable',
      `Gmail says that the mailbox is at ${to}, which is behind ${historyId}; it will be asked again.`,
    );
  return to === historyId;
}

/** A repair would have to begin with its lists again: it waits where it is while the budget is spent. */
function patient(run: SyncRun): SyncRun {
  const { signal } = run;
  const patience = { waitAfter: (error: unknown) => waitForBudget(error, signal) };
  return { ...run, caller: { ...run.caller, priority: 'repair', patience } };
}
