import { Injectable, Logger } from '@nestjs/common';
import type { ReauthorizationReason } from '../../gmail/gmail.errors';
import { EventLogService } from '../../event/log/event-log.service';
import { MailboxService } from '../../mailbox/mailbox.service';
import type { MailboxAtRevision } from '../../mailbox/mailbox.types';
import { CursorLifecycleStore } from './cursor-lifecycle.store';

/** What happens when a grant turns out dead, whoever found out: status, one event, and no further calls to Google. */
@Injectable()
export class ReauthorizationService {
  private readonly logger = new Logger(ReauthorizationService.name);

  constructor(
    private readonly mailboxes: MailboxService,
    private readonly log: EventLogService,
    private readonly store: CursorLifecycleStore,
  ) {}

  /**
   * Asks for the owner's consent, once. A mailbox that is not active any more is left as it is, and so is one that was
   * connected again meanwhile: the verdict is about the grant before.
   *
   * @param mailbox as it was before its grant was used
   */
  async require(
    { id: mailboxId, revision }: MailboxAtRevision,
    reason: ReauthorizationReason,
  ): Promise<void> {
    await this.log.transaction(mailboxId, async ({ manager, append }) => {
      const mailbox = await this.mailboxes.move(manager, mailboxId, ['active'], 'reauthorization_required', {
        revision,
      });
      if (!mailbox) return;
      await this.store.pause(manager, mailboxId);
      await append([{ type: 'mailbox.reauthorization_required', data: { reason } }]);
      this.logger.warn({ mailboxId, reason }, 'the owner must connect this mailbox again');
    });
  }
}
