import { Injectable } from '@nestjs/common';
import { MessageSettings } from '../config/settings';
import type { HistoryRecord } from '../gmail/gmail.types';
import { PostponedError } from './cursor/sync.errors';
import type { SyncRun } from './cursor/sync.types';
import { changesWithoutDrafts, deletedWithoutLabels } from './history/draft-changes';
import type { MessageState } from './history/history-states';
import { historyToChanges, type MessageChange } from './history/history-to-changes';
import { OwnChangeStore } from './history/own-change.store';
import { findOwnRecords, type SettledChange } from './history/own-changes';
import { SnapshotStore } from './snapshot/snapshot.store';

/** How long a record waits for Gmail's answer to a change that it may show. The answer takes some tens of milliseconds. */
const HOLD_MS = 250;

/** The changes of records that are to be reported. */
export interface RecordChanges {
  /** The first of the records: all of them, unless one has to wait. */
  records: HistoryRecord[];
  changes: MessageChange[];
  settled: SettledChange[];
  /** Why the others wait. */
  heldBy?: PostponedError;
}

/** Finds the changes of records that count: by the filter, and by what the settings leave out. */
@Injectable()
export class RecordChangeService {
  constructor(
    private readonly settings: MessageSettings,
    private readonly snapshots: SnapshotStore,
    private readonly ownChanges: OwnChangeStore,
  ) {}

  async changesOf(run: SyncRun, records: HistoryRecord[]): Promise<RecordChanges> {
    const changes = await this.countingChanges(run, records);
    const relabelled = changes.filter(isOfLabels).map(({ messageId }) => messageId);
    if (!this.settings.suppressOwnChanges || relabelled.length === 0)
      return { records, changes, settled: [] };
    const { mailboxId, upToDateAt } = run.claim;
    const asked = await this.ownChanges.open(mailboxId, [...new Set(relabelled)], upToDateAt);
    if (asked.length === 0) return { records, changes, settled: [] };
    const { own, settled, heldAt } = findOwnRecords(records, asked);
    const others = changes.filter(
      (change) => !isOfLabels(change) || !own.get(change.historyId)?.has(change.messageId),
    );
    if (heldAt === undefined) return { records, changes: others, settled };
    const ready = records.slice(
      0,
      records.findIndex(({ id }) => id === heldAt),
    );
    const readyIds = new Set(ready.map(({ id }) => id));
    return {
      records: ready,
      changes: others.filter(({ historyId }) => readyIds.has(historyId)),
      settled,
      heldBy: new PostponedError(HOLD_MS, 'Gmail has not answered yet whether a change is our own', {
        firm: false,
      }),
    };
  }

  private async countingChanges({ claim }: SyncRun, records: HistoryRecord[]): Promise<MessageChange[]> {
    if (this.settings.drafts === 'all') return historyToChanges(records, claim.filter);
    const known = await this.knownMessages(claim.mailboxId, deletedWithoutLabels(records));
    return changesWithoutDrafts(records, claim.filter, known);
  }

  /** Those of the messages that the snapshot has, if there is one. */
  private async knownMessages(mailboxId: string, ids: string[]): Promise<ReadonlyMap<string, MessageState>> {
    const snapshot = ids.length > 0 ? await this.snapshots.find(mailboxId) : undefined;
    return snapshot?.state === 'ready' ? this.snapshots.messages(snapshot, ids) : new Map();
  }
}

function isOfLabels({ type }: MessageChange): boolean {
  return type === 'message.labels_added' || type === 'message.labels_removed';
}
