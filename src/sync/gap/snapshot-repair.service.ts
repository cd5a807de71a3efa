import { Injectable } from '@nestjs/common';
import { inChunks } from '../../common/in-chunks';
import type { NewEvent } from '../../event/event.types';
import { type LabelFilter, labelsCount } from '../../gmail/label-filter';
import type { SyncRun } from '../cursor/sync.types';
import { SupersededError } from '../cursor/sync.errors';
import { isDraft } from '../history/draft-changes';
import type { MessageState } from '../history/history-states';
import { byArrival, type MessagesById, type ReadMessage } from '../history/read-message';
import type { ListedRange } from '../snapshot/listed-message.store';
import { MailboxStateService } from '../snapshot/mailbox-state.service';
import { type Comparison, sameLabels, snapshotDifference } from '../snapshot/snapshot-difference';
import { SnapshotStore } from '../snapshot/snapshot.store';
import type { Snapshot } from '../snapshot/snapshot.types';
import { MARGIN_MS } from './messages-by-date.service';
import type { RepairEnd } from './repair-end';
import { RepairLogService } from './repair-log.service';
import { RepairMessageService } from './repair-message.service';

/** Messages that are read and committed together: 2,000 quota units. */
const CHUNK_SIZE = 100;

/** One repair under way. */
interface Repair {
  run: SyncRun;
  snapshot: Snapshot;
  to: bigint;
  range: ListedRange;
}

/** Repairs a gap with a snapshot: appends everything in which the mailbox differs from it. */
@Injectable()
export class SnapshotRepairService {
  constructor(
    private readonly snapshots: SnapshotStore,
    private readonly state: MailboxStateService,
    private readonly messages: RepairMessageService,
    private readonly log: RepairLogService,
  ) {}

  /**
   * Events and snapshot are committed chunk by chunk: a repair that is broken off goes on with what still differs.
   *
   * @returns undefined when there is no snapshot to compare with
   * @throws SupersededError
   */
  async repair(run: SyncRun, to: bigint): Promise<RepairEnd | undefined> {
    const snapshot = await this.snapshots.find(run.mailbox.id);
    if (snapshot?.state !== 'ready') return undefined;
    for await (const range of this.state.compare(run.caller, to, snapshot)) {
      run.progress.pages++;
      await this.repairRange({ run, snapshot, to, range });
    }
    return async (manager) => ({
      recovered: await this.snapshots.takeRecovered(manager, snapshot),
      complete: true,
    });
  }

  private async repairRange(repair: Repair): Promise<void> {
    const { run, to, range, snapshot } = repair;
    const { appeared, relabelled, vanished } = snapshotDifference(
      range.before,
      passing(range, snapshot.filter),
    );
    const [drafts, known] = partition(relabelled, (id) => isDraft(range.before.get(id)?.labelIds));
    for (const [kind, ids] of [
      ['listed', appeared],
      ['draft', drafts],
      ['known', known],
      ['known', vanished],
    ] as const)
      for (const some of inChunks(ids, run.mode === 'together' ? CHUNK_SIZE : 1)) {
        const read = await this.messages.read(run, some, kind, to);
        await this.commit(repair, some, read ?? null);
      }
  }

  /** @param read null when a message cannot be processed: its events say so */
  private async commit(repair: Repair, ids: string[], read: MessagesById | null): Promise<void> {
    const { run } = repair;
    const messages: MessagesById = read ?? new Map();
    const unknown = new Set(await this.log.withoutAdded(run, ids));
    const comparisons = inOrder(ids, messages).map((id) =>
      compare(repair, id, messages.get(id), unknown.has(id)),
    );
    run.progress.events += await this.log.append(run, async ({ manager, append }) => {
      const snapshot = await this.snapshots.find(run.mailbox.id, manager);
      if (!isSame(snapshot, repair.snapshot)) throw new SupersededError();
      // A run that has lost its claim may have had the same difference, and have reported it.
      const known = await this.snapshots.messages(snapshot, ids, manager);
      const open = comparisons.filter(({ messageId, before }) => same(known.get(messageId) ?? null, before));
      const events = await this.messages.eventsOf(run, manager, {
        comparisons: open,
        read,
        filter: snapshot.filter,
      });
      const fresh = await append(events);
      await this.snapshots.addRecovered(manager, snapshot, countByType(fresh));
      await this.snapshots.write(
        manager,
        snapshot,
        new Map(open.map(({ messageId, after }) => [messageId, after])),
      );
      return fresh.length;
    });
  }
}

/** Another run may have begun to list the mailbox: what this one compares with is then no longer whole. */
function isSame(now: Snapshot | undefined, before: Snapshot): now is Snapshot {
  return now?.id === before.id && now.listing === before.listing && now.state === 'ready';
}

function partition(ids: string[], belongs: (id: string) => boolean): [string[], string[]] {
  return [ids.filter(belongs), ids.filter((id) => !belongs(id))];
}

/** What is listed and passes the filter. */
function passing({ listed }: ListedRange, filter: LabelFilter): Map<string, MessageState> {
  const counts = labelsCount(filter);
  const found = new Map<string, MessageState>();
  for (const [id, state] of listed) if (state && counts(state.labelIds)) found.set(id, state);
  return found;
}

/** How a message was at `to`; undefined: the lists do not have it. */
function listedState({ listed, touched }: ListedRange, id: string, filter: LabelFilter) {
  const state = listed.get(id);
  return touched.has(id) || (state && labelsCount(filter)(state.labelIds)) ? state : undefined;
}

function compare(
  { run, range, to, snapshot }: Repair,
  messageId: string,
  message: ReadMessage | undefined,
  unknown: boolean,
): Comparison {
  const found = message && { threadId: message.threadId ?? null, labelIds: message.labelIds ?? [] };
  const state = listedState(range, messageId, snapshot.filter);
  // What the lists do not have has left the filter or is gone: only reading it shows which.
  const after = state === undefined ? (found ?? null) : state;
  const since = run.claim.upToDateAt.getTime() - MARGIN_MS;
  // With a filter, what is in the lists for the first time may have been elsewhere before: its time of arrival decides.
  const everything = snapshot.filter.labelIds.length === 0;
  const isRecent = everything || message === undefined || Number(message.internalDate) >= since;
  return {
    messageId,
    before: range.before.get(messageId) ?? null,
    after,
    historyId: message?.historyId ?? to.toString(),
    isNew: unknown && isRecent,
  };
}

function inOrder(ids: string[], read: MessagesById): string[] {
  const found = ids.flatMap((id) => read.get(id) ?? []).sort(byArrival);
  return [...found.map(({ id }) => id), ...ids.filter((id) => read.get(id) === undefined)];
}

function same(one: MessageState | null, other: MessageState | null): boolean {
  return one === null || other === null ? one === other : sameLabels(one, other);
}

function countByType(events: NewEvent[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { type } of events) counts[type] = (counts[type] ?? 0) + 1;
  return counts;
}
