import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { type EntityManager, In, type Repository } from 'typeorm';
import { BackgroundJobs } from '../background/background-jobs';
import { BackfillStore } from './backfill/backfill.store';
import type { BackfillView } from './backfill/backfill.types';
import { CursorLifecycleStore } from './cursor/cursor-lifecycle.store';
import { MailboxCursorEntity } from './cursor/mailbox-cursor.entity';
import { SnapshotLifecycleStore } from './snapshot/snapshot-lifecycle.store';
import type { SyncView } from './cursor/sync.types';
import type { LabelFilter } from '../gmail/label-filter';

/** What other modules may do with a mailbox's cursor. With a manager, it is done within the caller's transaction. */
@Injectable()
export class MailboxCursorService {
  constructor(
    @InjectRepository(MailboxCursorEntity) private readonly cursors: Repository<MailboxCursorEntity>,
    private readonly store: CursorLifecycleStore,
    private readonly jobs: BackgroundJobs,
    private readonly snapshots: SnapshotLifecycleStore,
    private readonly backfills: BackfillStore,
  ) {}

  /** Makes the mailbox due for a sync now; a wait that Google asked for is not shortened. */
  async requestSync(mailboxId: string): Promise<void> {
    await this.store.requestSync(mailboxId);
    this.jobs.wake('sync');
  }

  /** Connected (again): makes sure that there is a cursor row and that what was missed is read. */
  resume(manager: EntityManager, mailboxId: string): Promise<void> {
    return this.store.resume(manager, mailboxId);
  }

  /** Nothing is read any more until `resume`; a run under way cannot commit, and a backfill ends. */
  async pause(manager: EntityManager, mailboxId: string): Promise<void> {
    await this.store.pause(manager, mailboxId);
    await this.backfills.cancel(manager, mailboxId);
  }

  /** Disconnected: the place in the history is given up; the next watch sets a new one. */
  async forget(manager: EntityManager, mailboxId: string): Promise<void> {
    await this.store.forget(manager, mailboxId);
    await this.snapshots.forget(manager, mailboxId);
    await this.backfills.cancel(manager, mailboxId);
  }

  /** What arrived since that time is to be reported too. A backfill under way reaches as far back. */
  backfill(manager: EntityManager, mailboxId: string, since: Date): Promise<void> {
    return this.backfills.extend(manager, mailboxId, since);
  }

  /** Whether reading has a place to begin at. */
  hasBegun(mailboxId: string): Promise<boolean> {
    return this.store.hasBegun(mailboxId);
  }

  /** No watch lives yet, and reading begins nevertheless: what happens until one does is reported when it does. */
  begin(mailboxId: string, filter: LabelFilter, at: bigint): Promise<void> {
    return this.store.begin(mailboxId, filter, at);
  }

  /** A watch lives: its filter is in force from here on, and a first watch's history id is where reading begins. */
  async follow(
    manager: EntityManager,
    mailboxId: string,
    watch: LabelFilter & { historyId: bigint; expiresAt: Date },
  ): Promise<void> {
    await this.store.follow(manager, mailboxId, watch);
    await this.snapshots.expect(manager, mailboxId, watch);
  }

  /** The watch was stopped: a quiet mailbox is no longer read from time to time. */
  unfollow(manager: EntityManager, mailboxId: string): Promise<void> {
    return this.store.unfollow(manager, mailboxId);
  }

  /** The mailboxes, of these or of all, whose changes were found again and again without a notification of them. */
  silent(among: string[] | null = null): Promise<string[]> {
    return this.store.silent(among);
  }

  /** Polls for due syncs now, after a transaction that may have made one due. */
  wake(): void {
    this.jobs.wake('sync');
  }

  /** The backfills under way of these mailboxes. */
  backfillViews(mailboxIds: string[]): Promise<Map<string, BackfillView>> {
    return this.backfills.views(mailboxIds);
  }

  async views(mailboxIds: string[]): Promise<Map<string, SyncView>> {
    const rows = await this.cursors.findBy({ mailboxId: In(mailboxIds) });
    return new Map(rows.map((row) => [row.mailboxId, toView(row)]));
  }
}

function toView(row: MailboxCursorEntity): SyncView {
  return {
    historyId: row.historyId,
    notifiedHistoryId: row.notifiedHistoryId,
    lastNotificationAt: row.lastNotificationAt?.toISOString() ?? null,
    lastSyncAt: row.lastSyncAt?.toISOString() ?? null,
    lastError: row.lastError,
  };
}
