import { Injectable } from '@nestjs/common';
import { EventLogService } from '../event/log/event-log.service';
import type { HistoryRecord } from '../gmail/gmail.types';
import { CursorPositionStore } from './cursor/cursor-position.store';
import type { SyncClaim, SyncEnd, SyncRun } from './cursor/sync.types';
import { passing, statesAfter } from './history/history-states';
import { OwnChangeStore } from './history/own-change.store';
import type { ReadRecords } from './record-event.service';
import { type CommittedRun, RunCommitStore, type RunEnd } from './run-commit.store';
import { numbersOf, toRows } from './snapshot/snapshot-rows.store';
import { SnapshotStore } from './snapshot/snapshot.store';

/** Commits the events of history records, together with the cursor behind them and the snapshot that they change. */
@Injectable()
export class RecordCommitService {
  constructor(
    private readonly positions: CursorPositionStore,
    private readonly log: EventLogService,
    private readonly snapshots: SnapshotStore,
    private readonly ends: RunCommitStore,
    private readonly ownChanges: OwnChangeStore,
  ) {}

  /**
   * In the middle of a run, which goes on behind these records.
   *
   * @param snapshot what becomes of it: it takes the records in, or it is built anew
   * @throws SupersededError
   */
  async advance(
    { mailbox, claim, progress }: SyncRun,
    { records, events, settled }: ReadRecords,
    snapshot: 'updated' | 'built_anew' = 'updated',
  ): Promise<void> {
    const to = BigInt(records.at(-1)!.id);
    await this.log.transaction(mailbox.id, async ({ manager, append }) => {
      await this.positions.advance(manager, claim, progress.cursor, to);
      progress.events += (await append(events)).length;
      if (snapshot === 'updated') await this.snapshots.apply(manager, mailbox.id, records);
      else await this.snapshots.restart(manager, mailbox.id);
      if (settled.length > 0) await this.ownChanges.remove(settled, manager);
    });
    progress.cursor = to;
  }

  /**
   * At the end of a run: the claim is returned.
   *
   * @returns in how many milliseconds the mailbox is due again
   * @throws SupersededError
   */
  async finish(run: SyncRun, end: SyncEnd, read: ReadRecords): Promise<number | null> {
    const { claim, progress } = run;
    const dueIn =
      read.records.length === 0
        ? await this.positions.finish(claim, end)
        : await this.finishWith(run, end, read);
    progress.cursor = end.to;
    return dueIn;
  }

  private async finishWith(
    { mailbox, claim, progress }: SyncRun,
    end: SyncEnd,
    { records, events, settled }: ReadRecords,
  ): Promise<number | null> {
    // Own changes are too seldom to be a part of the one statement.
    const states = settled.length === 0 ? statesInSnapshot(claim, records) : undefined;
    const committed = states && (await this.commitAtOnce({ claim, end, events, states }));
    if (committed) {
      progress.events += committed.appended.fresh.length;
      return committed.dueIn;
    }
    return this.log.transaction(mailbox.id, async ({ manager, append }) => {
      const finished = await this.positions.finish(claim, end, manager);
      progress.events += (await append(events)).length;
      await this.snapshots.apply(manager, mailbox.id, records);
      if (settled.length > 0) await this.ownChanges.remove(settled, manager);
      return finished;
    });
  }

  /** In one statement, which also hands the events over to who delivers them. @returns undefined when it did nothing */
  private async commitAtOnce(run: Omit<RunEnd, 'offer'>): Promise<CommittedRun | undefined> {
    const offer = run.events.length > 0 ? this.log.offer() : undefined;
    let committed: CommittedRun | undefined;
    try {
      committed = await this.ends.commit({ ...run, offer });
    } finally {
      offer?.take(committed?.appended.taken);
    }
    if (committed) this.log.committed(committed.appended);
    return committed;
  }
}

/** @returns undefined when the claim brought no snapshot that can take them as it is */
function statesInSnapshot({ snapshot, filter }: SyncClaim, records: HistoryRecord[]) {
  if (!snapshot) return undefined;
  const numbers = numbersOf(snapshot);
  const states = passing(statesAfter(records), filter);
  const isKnown = states.every(([, state]) => state?.labelIds.every((label) => numbers.has(label)) ?? true);
  return isKnown ? toRows(numbers, states) : undefined;
}
