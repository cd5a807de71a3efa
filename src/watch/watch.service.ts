import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import type { EntityManager, Repository } from 'typeorm';
import { InboxwireError } from '../common/inboxwire.error';
import { WatchSettings } from '../config/settings';
import type { LabelFilter } from '../gmail/label-filter';
import type { LastError } from '../common/last-error';
import { WatchCallService } from './watch-call.service';
import { WatchEntity } from './watch.entity';
import { GoogleRefusedError } from './watch.errors';
import { WatchOutcomeService } from './watch-outcome.service';
import { type WatchStatus, watchStatus } from './watch-status';
import { type StoredWatch, WatchStore } from './watch.store';

/** A watch as the API shows it. */
export interface WatchView {
  status: WatchStatus;
  labelIds: string[];
  labelFilterBehavior: 'include' | 'exclude';
  expiresAt: string | null;
  renewAt: string | null;
  lastError: LastError | null;
}

/** What a person may do with a watch: start it, replace its filter, stop it. Renewal goes by itself. */
@Injectable()
export class WatchService {
  constructor(
    @InjectRepository(WatchEntity) private readonly watches: Repository<WatchEntity>,
    private readonly store: WatchStore,
    private readonly calls: WatchCallService,
    private readonly outcomes: WatchOutcomeService,
    private readonly settings: WatchSettings,
  ) {}

  /**
   * Remembers that a watch is wanted: should the process die before `start`, the renewal job starts it. What is left out
   * of the filter is as in `start`. Within the caller's transaction.
   */
  async request(manager: EntityManager, mailboxId: string, wanted: Partial<LabelFilter>): Promise<void> {
    await this.store.request(manager, mailboxId, await this.completed(mailboxId, wanted, manager));
  }

  /**
   * Starts the watch of a mailbox, or replaces its filter. What is left out of the filter stays as it was, or is the
   * default of the settings for a first watch. A refusal is recorded (`lastError`, `watch.failed`) before it is thrown.
   *
   * @throws GoogleRefusedError when Google refuses or cannot be reached
   */
  async start(mailboxId: string, wanted: Partial<LabelFilter>): Promise<void> {
    await this.calls.oneAtATime(mailboxId, async () => {
      const filter = await this.completed(mailboxId, wanted);
      const request = await this.outcomes.begin(mailboxId, filter, true);
      try {
        await this.outcomes.granted(request, await this.calls.start(mailboxId, request.filter));
      } catch (error) {
        if (!(error instanceof InboxwireError)) throw error;
        await this.outcomes.refused(request, error);
        throw new GoogleRefusedError(error.message, error);
      }
    });
  }

  /**
   * `users.stop`, keeping the grant. Nothing to do where there is no watch.
   *
   * @throws GoogleRefusedError when Google refuses or cannot be reached; the watch is as it was
   */
  async stop(mailboxId: string): Promise<void> {
    await this.calls.oneAtATime(mailboxId, async () => {
      try {
        await this.calls.stop(mailboxId);
      } catch (error) {
        if (!(error instanceof InboxwireError)) throw error;
        throw new GoogleRefusedError(error.message, error);
      }
      await this.outcomes.stopped(mailboxId);
    });
  }

  /** Marks the watch stopped without a call to Google. Within the caller's transaction. */
  async markStopped(manager: EntityManager, mailboxId: string): Promise<void> {
    await this.store.stopped(manager, mailboxId);
  }

  async views(mailboxIds: string[]): Promise<Map<string, WatchView>> {
    const rows = await this.store.read(mailboxIds);
    return new Map(rows.map((row) => [row.mailboxId, toView(row)]));
  }

  /** How many watches should have been renewed by now and have not been. */
  countOverdue(): Promise<number> {
    return this.store.countOverdue(this.settings.renewalInterval);
  }

  private async completed(
    mailboxId: string,
    wanted: Partial<LabelFilter>,
    manager = this.watches.manager,
  ): Promise<LabelFilter> {
    const current = await manager.findOneBy(WatchEntity, { mailboxId });
    const { labelIds, labelFilterBehavior } = current ?? this.settings;
    return {
      labelIds: wanted.labelIds ?? labelIds,
      labelFilterBehavior: wanted.labelFilterBehavior ?? labelFilterBehavior,
    };
  }
}

function toView(row: StoredWatch): WatchView {
  return {
    status: watchStatus(row, row.readAt),
    labelIds: row.labelIds,
    labelFilterBehavior: row.labelFilterBehavior,
    expiresAt: row.expiresAt?.toISOString() ?? null,
    renewAt: row.renewAt?.toISOString() ?? null,
    lastError: row.lastError,
  };
}
