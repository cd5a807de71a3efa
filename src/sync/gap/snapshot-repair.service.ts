import { Injectable } from '@nestjs/common';
import { EventLogService } from '../../event/log/event-log.service';
import type { NewEvent } from '../../event/event.types';
import type { GmailCaller } from '../../gmail/quota/costs';
import type { Mailbox } from '../../mailbox/mailbox.types';
import type { Ask } from '../cursor/ask';
import { MailboxStateService } from '../snapshot/mailbox-state.service';
import {
  byArrival,
  MessageEventService,
  type MessagesById,
  type ReadMessage,
} from '../history/message-event.service';
import { PoisonMessageDetector } from '../history/poison-message-detector';
import { MARGIN } from './messages-by-date.service';
import { type ReadingMode, readingMode } from '../cursor/poison';
import { type Comparison, sameLabels, snapshotDifference, toChanges } from '../snapshot/snapshot-difference';
import { SnapshotStore } from '../snapshot/snapshot.store';
import type { Snapshot } from '../snapshot/snapshot.types';
import type { MessageState } from '../history/history-states';
import { type SyncClaim, SyncClaimStore } from '../cursor/sync-claim.store';
import { inChunks } from '../../common/in-chunks';
import type { SyncProgress } from '../cursor/sync.types';

/** Messages that are read and committed together: 2,000 quota units. */
const CHUNK = 100;

/** One repair under way. */
interface Repair {
  mailbox: Mailbox;
  caller: GmailCaller;
  claim: SyncClaim;
  snapshot: Snapshot;
  to: bigint;
  before: ReadonlyMap<string, MessageState>;
  /** How a message was at `to`; undefined: the lists do not have it. */
  now: (id: string) => MessageState | null | undefined;
}

/** Appends everything in which a mailbox differs from its snapshot. */
@Injectable()
export class SnapshotRepairService {
  constructor(
    private readonly store: SyncClaimStore,
    private readonly snapshots: SnapshotStore,
    private readonly state: MailboxStateService,
    private readonly messages: MessageEventService,
    private readonly faults: PoisonMessageDetector,
    private readonly log: EventLogService,
  ) {}

  /**
   * Events and snapshot are committed chunk by chunk: a repair that is broken off goes on with what still differs.
   *
   * @returns false when another run has moved the cursor, or the snapshot is no longer the one to compare with
   */
  async repair(
    mailbox: Mailbox,
    caller: GmailCaller,
    claim: SyncClaim,
    snapshot: Snapshot,
    to: bigint,
    progress: SyncProgress,
    ask: Ask,
  ): Promise<boolean> {
    const { messages, touched } = await this.state.at(caller, to, snapshot.filter, ask);
    progress.pages++;
    const mode = readingMode(claim.attempts);
    const before = await this.snapshots.messages(snapshot);
    const { appeared, relabelled, vanished } = snapshotDifference(before, messages);
    const now = (id: string) => messages.get(id) ?? touched.get(id);
    const repair: Repair = { mailbox, caller, claim, snapshot, to, before, now };
    // Lists are newest first, events oldest first.
    for (const ids of [appeared.reverse(), relabelled, vanished])
      for (const some of inChunks(ids, mode === 'together' ? CHUNK : 1)) {
        const killed = await this.faults.hasCrashedProcess(caller, some, mode);
        const read = killed ? null : await ask(() => this.read(repair, some, mode));
        if (!(await this.commit(repair, some, read, progress))) return false;
      }
    return true;
  }

  /**
   * Only what appeared is needed with its content; of the others, their history ids and whether they are gone.
   *
   * @returns null for a message that cannot be read and is passed over
   */
  private async read(
    { caller, before }: Repair,
    ids: string[],
    mode: ReadingMode,
  ): Promise<MessagesById | null> {
    try {
      return await this.messages.read(caller, ids, before.has(ids[0]!) ? 'minimal' : undefined);
    } catch (error) {
      await this.faults.judge(caller, ids, mode, error);
      return null;
    }
  }

  /** @param read null when a message cannot be processed: its events say so */
  private async commit(
    repair: Repair,
    ids: string[],
    read: MessagesById | null,
    progress: SyncProgress,
  ): Promise<boolean> {
    const { mailbox, claim } = repair;
    const messages: MessagesById = read ?? new Map();
    const unknown = new Set(await this.log.withoutAdded(mailbox.id, ids));
    const comparisons = inOrder(ids, messages).map((id) =>
      compare(repair, id, messages.get(id), unknown.has(id)),
    );
    const appended = await this.log.transaction(mailbox.id, async ({ manager, append }) => {
      if (!(await this.store.advance(manager, mailbox.id, claim.historyId, claim.historyId)))
        return undefined;
      const snapshot = await this.snapshots.find(mailbox.id, manager);
      if (snapshot?.id !== repair.snapshot.id || snapshot.state !== 'ready') return undefined;
      // A run that has lost its claim may have had the same difference, and have told of it.
      const known = await this.snapshots.messages(snapshot, ids, manager);
      const open = comparisons.filter(({ messageId, before }) => same(known.get(messageId) ?? null, before));
      const changes = open.flatMap((comparison) => toChanges(comparison, snapshot.filter));
      const events = this.messages.toRepaired(changes, read);
      const count = await append(mailbox, events);
      await this.snapshots.addRecovered(manager, snapshot, countByType(events, count));
      await this.snapshots.write(
        manager,
        snapshot,
        new Map(open.map(({ messageId, after }) => [messageId, after])),
      );
      return count;
    });
    progress.events += appended ?? 0;
    return appended !== undefined;
  }
}

function compare(
  { before, now, to, claim, snapshot }: Repair,
  messageId: string,
  message: ReadMessage | undefined,
  unknown: boolean,
): Comparison {
  const found = message && { threadId: message.threadId ?? null, labelIds: message.labelIds ?? [] };
  const state = now(messageId);
  // What the lists do not have has left the filter or is gone: only reading it tells.
  const after = state === undefined ? (found ?? null) : state;
  const since = claim.upToDateAt.getTime() - MARGIN;
  // With a filter, what is in the lists for the first time may have been elsewhere before: its time of arrival decides.
  const everything = snapshot.filter.labelIds.length === 0;
  const isRecent = everything || message === undefined || Number(message.internalDate) >= since;
  return {
    messageId,
    before: before.get(messageId) ?? null,
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

/** @param count how many were appended: of messages that were added, the log leaves out what it has */
function countByType(events: NewEvent[], count: number): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { type } of events) counts[type] = (counts[type] ?? 0) + 1;
  if (counts['message.added']) counts['message.added'] -= events.length - count;
  return counts;
}
