import { Injectable, Logger } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { inChunks } from '../../common/in-chunks';
import { EventLogService } from '../../event/log/event-log.service';
import { GmailApiClient } from '../../gmail/client/gmail-api.client';
import type { NewEvent } from '../../event/event.types';
import type { GmailCaller } from '../../gmail/quota/costs';
import type { Mailbox } from '../../mailbox/mailbox.types';
import { type Ask, inPlace } from '../cursor/ask';
import type { MessageChange } from '../history/history-to-changes';
import { MessageEventService } from '../history/message-event.service';
import { PoisonMessageDetector } from '../history/poison-message-detector';
import { MessagesByDateService } from './messages-by-date.service';
import { type ReadingMode, readingMode } from '../cursor/poison';
import { PostponedError } from '../cursor/postponed.error';
import { SnapshotRepairService } from './snapshot-repair.service';
import { SnapshotStore } from '../snapshot/snapshot.store';
import type { Snapshot } from '../snapshot/snapshot.types';
import { type SyncClaim, SyncClaimStore } from '../cursor/sync-claim.store';
import type { SyncProgress, SyncResult } from '../cursor/sync.types';

/** Messages that are read and committed together. */
const CHUNK = 100;

/**
 * How many gaps are repaired at once here. A repair waits in place when the budget of its mailbox is spent; half of the
 * places for syncs stay free of them. The others come back after a while (ms).
 */
const MOST_AT_ONCE = 16;
const BUSY_FOR = 5_000;

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
    private readonly store: SyncClaimStore,
    private readonly gmail: GmailApiClient,
    private readonly missed: MessagesByDateService,
    private readonly messages: MessageEventService,
    private readonly faults: PoisonMessageDetector,
    private readonly log: EventLogService,
    private readonly snapshots: SnapshotStore,
    private readonly snapshotRepair: SnapshotRepairService,
  ) {}

  /** Appends what is found, chunk by chunk, then the `mailbox.gap` together with the new cursor. Safe to be repeated. */
  async repair(
    mailbox: Mailbox,
    claim: SyncClaim,
    progress: SyncProgress,
    signal: AbortSignal,
  ): Promise<SyncResult> {
    if (this.running >= MOST_AT_ONCE)
      throw new PostponedError(BUSY_FOR, 'enough other gaps are being repaired');
    this.running++;
    try {
      return await this.repairNow(mailbox, claim, progress, signal);
    } finally {
      this.running--;
    }
  }

  private async repairNow(
    mailbox: Mailbox,
    claim: SyncClaim,
    progress: SyncProgress,
    signal: AbortSignal,
  ): Promise<SyncResult> {
    const caller: GmailCaller = { mailboxId: mailbox.id, priority: 'repair', signal };
    const ask = inPlace(signal);
    // Asked for first: what happens while the messages are being listed is then in the history after it.
    const to = await ask(() => this.gmail.currentHistoryId(caller));
    const snapshot = await this.snapshots.find(mailbox.id);
    const before = progress.events;
    const finish =
      snapshot?.state === 'ready'
        ? await this.fromSnapshot(mailbox, caller, claim, snapshot, to, progress, ask)
        : await this.byDate(mailbox, caller, claim, progress, ask);
    if (!finish) return { moved: false, dueIn: null };
    let data: Record<string, unknown> = {};
    const result = await this.log.transaction(mailbox.id, async ({ manager, append }) => {
      const finished = await this.store.finish(claim, { from: claim.historyId, to, found: false }, manager);
      if (!finished.moved) return finished;
      data = {
        fromHistoryId: claim.historyId.toString(),
        toHistoryId: to.toString(),
        ...(await finish(manager)),
      };
      progress.events += await append(mailbox, [{ type: 'mailbox.gap', origin: 'backfill', data }]);
      return finished;
    });
    if (!result.moved) return result;
    progress.cursor = to;
    this.logger.warn(
      { mailboxId: mailbox.id, ...data, events: progress.events - before },
      'history had expired',
    );
    return result;
  }

  private async fromSnapshot(
    mailbox: Mailbox,
    caller: GmailCaller,
    claim: SyncClaim,
    snapshot: Snapshot,
    to: bigint,
    progress: SyncProgress,
    ask: Ask,
  ): Promise<Finish | undefined> {
    const stands = await this.snapshotRepair.repair(mailbox, caller, claim, snapshot, to, progress, ask);
    if (!stands) return undefined;
    return async (manager) => ({
      recovered: await this.snapshots.takeRecovered(manager, snapshot),
      complete: true,
    });
  }

  private async byDate(
    mailbox: Mailbox,
    caller: GmailCaller,
    claim: SyncClaim,
    progress: SyncProgress,
    ask: Ask,
  ): Promise<Finish | undefined> {
    const ids = await this.missed.since(caller, claim.upToDateAt, ask);
    progress.pages++;
    const unknown = await this.log.withoutAdded(mailbox.id, ids);
    const mode = readingMode(claim.attempts);
    for (const some of inChunks(unknown, mode === 'together' ? CHUNK : 1)) {
      const events = (await this.faults.hasCrashedProcess(caller, some, mode))
        ? this.unprocessable(some)
        : await ask(() => this.backfill(caller, some, mode));
      const appended = await this.append(mailbox, claim, events);
      if (appended === undefined) return undefined;
      progress.events += appended;
    }
    return async (manager) => {
      await this.snapshots.restart(manager, mailbox.id);
      // Also what was appended by runs of this repair that were broken off.
      const added = await this.log.countBackfilled(manager, mailbox.id, ids, claim.upToDateAt);
      return { recovered: { 'message.added': added }, complete: false };
    };
  }

  private async backfill(caller: GmailCaller, ids: string[], mode: ReadingMode): Promise<NewEvent[]> {
    try {
      return await this.messages.toBackfill(caller, ids);
    } catch (error) {
      await this.faults.judge(caller, ids, mode, error);
      return this.unprocessable(ids);
    }
  }

  /** All that is known of messages that were found by their time and cannot be read. */
  private unprocessable(ids: string[]): NewEvent[] {
    const changes = ids.map((messageId): MessageChange => ({
      ...{ type: 'message.added', messageId, threadId: null, historyId: '0' },
      ...{ labelIds: null, changedLabelIds: [] },
    }));
    return this.messages.toRepaired(changes, null);
  }

  /** @returns how many were appended; undefined when the cursor is no longer where the run took it to be */
  private async append(mailbox: Mailbox, claim: SyncClaim, events: NewEvent[]): Promise<number | undefined> {
    return this.log.transaction(mailbox.id, async ({ manager, append }) => {
      const { historyId } = claim;
      const stands = await this.store.advance(manager, mailbox.id, historyId, historyId);
      return stands ? append(mailbox, events) : undefined;
    });
  }
}

/** What `mailbox.gap` tells, and what else belongs into the transaction that ends a repair. */
type Finish = (manager: EntityManager) => Promise<{ recovered: Record<string, number>; complete: boolean }>;
