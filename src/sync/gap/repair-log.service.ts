import { Injectable } from '@nestjs/common';
import { inChunks } from '../../common/in-chunks';
import { type AppendTransaction, EventLogService } from '../../event/log/event-log.service';
import { CursorPositionStore } from '../cursor/cursor-position.store';
import type { SyncRun } from '../cursor/sync.types';

/** Messages that one statement names. */
const CHUNK_SIZE = 5_000;

/** The log as the repair of a gap uses it: the cursor stays where it is until the repair ends. */
@Injectable()
export class RepairLogService {
  constructor(
    private readonly log: EventLogService,
    private readonly positions: CursorPositionStore,
  ) {}

  /** @throws SupersededError when the cursor is no longer where the run took it to be: nothing may be appended */
  append<T>({ mailbox, claim }: SyncRun, work: (transaction: AppendTransaction) => Promise<T>): Promise<T> {
    return this.log.transaction(mailbox.id, async (transaction) => {
      await this.positions.advance(transaction.manager, claim, claim.historyId, claim.historyId);
      return work(transaction);
    });
  }

  /** Those of the messages that the log has never had a `message.added` of. */
  async withoutAdded({ mailbox }: SyncRun, ids: string[]): Promise<string[]> {
    const unknown: string[] = [];
    for (const some of inChunks(ids, CHUNK_SIZE))
      unknown.push(...(await this.log.withoutAdded(mailbox.id, some)));
    return unknown;
  }

  /** How many of the messages this repair has added, also in runs that were broken off. */
  async countAdded(
    { mailbox, claim }: SyncRun,
    ids: string[],
    on: AppendTransaction['manager'],
  ): Promise<number> {
    let count = 0;
    for (const some of inChunks(ids, CHUNK_SIZE))
      count += await this.log.countBackfilled(on, mailbox.id, some, claim.upToDateAt);
    return count;
  }
}
