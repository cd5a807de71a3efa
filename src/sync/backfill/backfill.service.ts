import { Injectable } from '@nestjs/common';
import { BackgroundJobs } from '../../background/background-jobs';
import { EventSettings, QuotaSettings } from '../../config/settings';
import { EventLogService } from '../../event/log/event-log.service';
import { ceiling, COSTS, type GmailCaller } from '../../gmail/quota/costs';
import { BackfillListsService } from './backfill-lists.service';
import { readBackfillSince } from './backfill-since';
import { BackfillStore } from './backfill.store';
import type { BackfillEstimate } from './backfill.types';
import { WINDOW_SIZE } from './listed-window';

/** What can be asked for of backfills. */
@Injectable()
export class BackfillService {
  /** Six: two of them are settings. */
  constructor(
    private readonly store: BackfillStore,
    private readonly lists: BackfillListsService,
    private readonly log: EventLogService,
    private readonly jobs: BackgroundJobs,
    private readonly events: EventSettings,
    private readonly quota: QuotaSettings,
  ) {}

  /** Reads the time since when a mailbox is to be backfilled. @throws InvalidValueError */
  readSince(path: string, text: string, force?: boolean): Date {
    return readBackfillSince(path, text, { retention: this.events.retention, force, now: Date.now() });
  }

  /** @throws what the Gmail client throws */
  async estimate(caller: GmailCaller, since: Date): Promise<BackfillEstimate> {
    const { mailboxId } = caller;
    const filter = await this.store.filter(mailboxId);
    const { ids, messages, lists } = await this.lists.estimate(caller, { from: since.getTime() }, filter);
    const count = ids ? (await this.log.withoutAdded(mailboxId, ids)).length : messages;
    const windows = 1 + Math.ceil(count / WINDOW_SIZE);
    const units = count * COSTS['users.messages.get'] + windows * lists * COSTS['users.messages.list'];
    const unitsPerSecond = ceiling('backfill', 'mailbox', this.quota.perMailbox) / 60;
    return { messages: count, units, seconds: Math.ceil(units / unitsPerSecond) };
  }

  isRunning(mailboxId: string): Promise<boolean> {
    return this.store.isRunning(mailboxId);
  }

  /** @returns false when one is under way, or the mailbox is not active: of two requests at the same moment one gets that */
  async start(mailboxId: string, since: Date): Promise<boolean> {
    const isAdded = await this.store.add(mailboxId, since);
    if (isAdded) this.jobs.wake('backfill');
    return isAdded;
  }
}
