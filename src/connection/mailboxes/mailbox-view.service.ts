import { Injectable } from '@nestjs/common';
import { GrantService } from '../../auth/grant.service';
import type { Mailbox } from '../../mailbox/mailbox.types';
import { MailboxCursorService } from '../../sync/mailbox-cursor.service';
import { WatchService } from '../../watch/watch.service';
import { DisconnectQueueService } from '../lifecycle/disconnect-queue.service';
import { type MailboxView, toView } from '../mailbox-view';

/** Shows mailboxes: one read of each module for all of them. */
@Injectable()
export class MailboxViewService {
  constructor(
    private readonly grants: GrantService,
    private readonly watches: WatchService,
    private readonly cursors: MailboxCursorService,
    private readonly disconnects: DisconnectQueueService,
  ) {}

  async of(mailbox: Mailbox): Promise<MailboxView> {
    return (await this.ofAll([mailbox]))[0]!;
  }

  async ofAll(mailboxes: Mailbox[]): Promise<MailboxView[]> {
    const ids = mailboxes.map(({ id }) => id);
    const [scopes, watches, syncs, faults] = await Promise.all([
      this.grants.scopes(ids),
      this.watches.views(ids),
      this.cursors.views(ids),
      this.disconnects.lastErrors(ids),
    ]);
    return mailboxes.map((mailbox) =>
      toView(
        mailbox,
        scopes.get(mailbox.id),
        watches.get(mailbox.id),
        syncs.get(mailbox.id),
        faults.get(mailbox.id),
      ),
    );
  }
}
