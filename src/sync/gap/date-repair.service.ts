import { Injectable } from '@nestjs/common';
import { inChunks } from '../../common/in-chunks';
import type { NewEvent } from '../../event/event.types';
import type { SyncRun } from '../cursor/sync.types';
import type { MessageChange } from '../history/history-to-changes';
import { MessageEventService } from '../history/message-event.service';
import { PoisonMessageDetector } from '../history/poison-message-detector';
import { SnapshotLifecycleStore } from '../snapshot/snapshot-lifecycle.store';
import { MessagesByDateService } from './messages-by-date.service';
import type { RepairEnd } from './repair-end';
import { RepairLogService } from './repair-log.service';

/** Messages that are read and committed together. */
const CHUNK_SIZE = 100;

/** Repairs a gap without a snapshot: appends what arrived since the last sync, found by its time. */
@Injectable()
export class DateRepairService {
  constructor(
    private readonly missed: MessagesByDateService,
    private readonly messages: MessageEventService,
    private readonly poison: PoisonMessageDetector,
    private readonly log: RepairLogService,
    private readonly snapshots: SnapshotLifecycleStore,
  ) {}

  /**
   * @param to where history was when the repair began
   * @throws SupersededError
   */
  async repair(run: SyncRun, to: bigint): Promise<RepairEnd> {
    const { mailbox, caller, claim, mode, progress } = run;
    const ids = await this.missed.since(caller, claim.upToDateAt);
    progress.pages++;
    const unknown = await this.log.withoutAdded(run, ids);
    for (const some of inChunks(unknown, mode === 'together' ? CHUNK_SIZE : 1)) {
      const events =
        (await this.poison.read(run, some, () => this.messages.toBackfill(run, to, some))) ??
        this.unprocessable(some);
      progress.events += await this.log.append(run, ({ append }) => append(events));
    }
    return async (manager) => {
      await this.snapshots.restart(manager, mailbox.id);
      const added = await this.log.countAdded(run, ids, manager);
      return { recovered: { 'message.added': added }, complete: false };
    };
  }

  /** All that is known of messages that were found by their time and cannot be read. */
  private unprocessable(ids: string[]): NewEvent[] {
    const changes = ids.map((messageId): MessageChange => ({
      ...{ type: 'message.added', messageId, threadId: null, historyId: '0' },
      ...{ labelIds: null, changedLabelIds: [] },
    }));
    return this.messages.toRepaired(changes, null);
  }
}
