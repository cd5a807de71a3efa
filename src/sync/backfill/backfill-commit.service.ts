import { setTimeout as delay } from 'node:timers/promises';
import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { BackgroundJobs } from '../../background/background-jobs';
import { EventLogService } from '../../event/log/event-log.service';
import type { NewEvent } from '../../event/event.types';
import { CursorLifecycleStore } from '../cursor/cursor-lifecycle.store';
import type { MessageState } from '../history/history-states';
import { SnapshotStore } from '../snapshot/snapshot.store';
import { BackfillStore } from './backfill.store';
import type { BackfillClaim, BackfillRun } from './backfill.types';

/** Messages that are appended together: a live mail of the same mailbox is delivered behind them. */
const APPEND_SIZE = 5;

/** No more is appended while so many events of the mailbox wait for their delivery, unless that gets nowhere. */
const MAX_BACKLOG = 2;
const BACKLOG_POLL_INTERVAL_MS = 50;
const MAX_STANDSTILL_MS = 30_000;

/** Commits what a backfill has found, a few messages at a time, and how far it has got. */
@Injectable()
export class BackfillCommitService {
  constructor(
    private readonly log: EventLogService,
    private readonly store: BackfillStore,
    private readonly snapshots: SnapshotStore,
    private readonly cursors: CursorLifecycleStore,
    private readonly jobs: BackgroundJobs,
  ) {}

  /** What is ahead of the cursor is appended by a sync, soon. */
  async leaveToSync(mailboxId: string): Promise<void> {
    await this.cursors.requestSync(mailboxId);
    this.jobs.wake('sync');
  }

  /**
   * Appends in the order given, up to the first message that has changed since it was read.
   *
   * @param readAt the last sequence before the messages were read
   * @returns what is left, that one first; empty when all are appended
   */
  async append(run: BackfillRun, events: NewEvent[], readAt: bigint): Promise<NewEvent[]> {
    for (let done = 0; done < events.length;) {
      const some = events.slice(done, done + APPEND_SIZE);
      await this.untilDelivered(run);
      const appended = await this.commit(run, some, readAt);
      done += appended;
      if (appended < some.length) return events.slice(done);
    }
    return [];
  }

  /**
   * @param readAt as for `append`
   * @returns those of the messages that have changed since, and the sequence up to which all others have not
   */
  async changed({ mailbox }: BackfillRun, events: NewEvent[], readAt: bigint) {
    const until = await this.log.lastSequence(mailbox.id);
    const ids = events.map(({ messageId }) => messageId!);
    const changed = await this.log.transaction(mailbox.id, ({ manager }) =>
      this.log.changedAfter(manager, mailbox.id, readAt, ids),
    );
    return { changed, until };
  }

  /** Messages from before that time are done. */
  move(claim: BackfillClaim, to: number): Promise<void> {
    return this.store.move(claim, to);
  }

  finish({ mailbox, claim, progress }: BackfillRun): Promise<void> {
    return this.log.transaction(mailbox.id, async ({ manager, append }) => {
      const added = await this.store.finish(manager, claim);
      const since = new Date(claim.since).toISOString();
      const data = { since, recovered: { 'message.added': added }, complete: true };
      const { length } = await append([{ type: 'mailbox.backfilled', origin: 'backfill', data }]);
      progress.events += length;
    });
  }

  /** @returns how many were appended: those before the first that has changed */
  private commit(run: BackfillRun, events: NewEvent[], readAt: bigint): Promise<number> {
    const { mailbox, claim, progress } = run;
    const ids = events.map(({ messageId }) => messageId!);
    return this.log.transaction(mailbox.id, async ({ manager, append }) => {
      const changed = await this.log.changedAfter(manager, mailbox.id, readAt, ids);
      const first = ids.findIndex((id) => changed.has(id));
      const unchanged = first === -1 ? events : events.slice(0, first);
      const fresh = await append(unchanged);
      await this.keepReported(manager, mailbox.id, fresh);
      await this.store.addRecovered(manager, claim, fresh.length);
      progress.events += fresh.length;
      return unchanged.length;
    });
  }

  /**
   * The snapshot is what the log has reported. A message from behind the cursor is not in it yet, and others may have changed since:
   * what becomes of them in a gap would not be seen.
   */
  private async keepReported(manager: EntityManager, mailboxId: string, events: NewEvent[]): Promise<void> {
    const states = events
      .filter(({ data }) => data.error === undefined)
      .map(({ messageId, data }) => [messageId!, data as unknown as MessageState] as const);
    if (states.length === 0) return;
    const snapshot = await this.snapshots.find(mailboxId, manager);
    if (snapshot) await this.snapshots.write(manager, snapshot, new Map(states));
  }

  /** What was appended before is delivered first: a live mail that arrives now must not wait behind many old ones. */
  private async untilDelivered({ mailbox, signal }: BackfillRun): Promise<void> {
    let least = Infinity;
    let movedAt = performance.now();
    for (;;) {
      const backlog = await this.log.backlog(mailbox.id);
      if (backlog < least) [least, movedAt] = [backlog, performance.now()];
      if (backlog <= MAX_BACKLOG || performance.now() - movedAt > MAX_STANDSTILL_MS) return;
      await delay(BACKLOG_POLL_INTERVAL_MS, undefined, { signal });
    }
  }
}
