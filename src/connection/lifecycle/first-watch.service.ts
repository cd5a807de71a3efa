import { Injectable, Logger } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { describeError } from '../../common/describe-error';
import type { LabelFilter } from '../../gmail/label-filter';
import { WatchService } from '../../watch/watch.service';

/** The watch of a mailbox that is being connected. */
@Injectable()
export class FirstWatchService {
  private readonly logger = new Logger(FirstWatchService.name);

  constructor(private readonly watches: WatchService) {}

  /** Within the transaction that connects the mailbox: should the process die before `start`, the renewal job starts it. */
  request(manager: EntityManager, mailboxId: string, wanted: Partial<LabelFilter>): Promise<void> {
    return this.watches.request(manager, mailboxId, wanted);
  }

  /** The mailbox is connected whatever becomes of its watch, which shows the failure itself and is tried again. */
  async start(mailboxId: string, wanted: Partial<LabelFilter>): Promise<void> {
    try {
      await this.watches.start(mailboxId, wanted);
      this.logger.log({ mailboxId, outcome: 'connected' }, 'a mailbox was connected');
    } catch (error) {
      this.logger.warn(
        { mailboxId, outcome: 'connected_without_watch', error: describeError(error) },
        'a mailbox was connected, and Google did not start its watch',
      );
    }
  }

  /** The mailbox has been connected before: a watch that lives is asked for again only with another filter. */
  async startUnlessActive(mailboxId: string, wanted: Partial<LabelFilter>): Promise<void> {
    const watch = (await this.watches.views([mailboxId])).get(mailboxId);
    const isWell = watch?.status === 'active' && watch.lastError === null;
    if (!isWell || Object.keys(wanted).length > 0) await this.start(mailboxId, wanted);
  }
}

/** What a request leaves open of the filter is as it was, or the default. */
export function wantedFilter({ labelIds, labelFilterBehavior }: Partial<LabelFilter>): Partial<LabelFilter> {
  return { ...(labelIds && { labelIds }), ...(labelFilterBehavior && { labelFilterBehavior }) };
}
