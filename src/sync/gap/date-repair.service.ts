import { Injectable } from '@nestjs/common';
import { inChunks } from '../../common/in-chunks';
import type { SyncRun } from '../cursor/sync.types';
import { SnapshotLifecycleStore } from '../snapshot/snapshot-lifecycle.store';
import { FoundMessageService } from './found-message.service';
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
    private readonly messages: FoundMessageService,
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
      const events = await this.messages.read(run, to, some);
      const fresh = await this.log.append(run, ({ append }) => append(events));
      progress.events += fresh.length;
    }
    return async (manager) => {
      await this.snapshots.restart(manager, mailbox.id);
      const added = await this.log.countAdded(run, ids, manager);
      return { recovered: { 'message.added': added }, complete: false };
    };
  }
}
