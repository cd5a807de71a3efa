import { Injectable, Logger } from '@nestjs/common';
import { EventLogService } from '../../event/log/event-log.service';
import { GmailApiClient } from '../../gmail/client/gmail-api.client';
import type { GmailCaller } from '../../gmail/quota/costs';
import { isSameAddress } from '../../mailbox/email-address';
import { MailboxService } from '../../mailbox/mailbox.service';
import type { Mailbox } from '../../mailbox/mailbox.types';

/** Notices that the account of a mailbox has another address: an administrator renamed it. Nothing but the profile says so. */
@Injectable()
export class AddressCheckService {
  private readonly logger = new Logger(AddressCheckService.name);

  constructor(
    private readonly gmail: GmailApiClient,
    private readonly mailboxes: MailboxService,
    private readonly log: EventLogService,
  ) {}

  /**
   * Asks Gmail for the address (1 unit), and follows it.
   *
   * @returns the mailbox as it is now
   */
  async check(mailboxId: string, caller: GmailCaller): Promise<Mailbox> {
    return this.change(mailboxId, await this.gmail.emailAddress(caller));
  }

  /** The account has this address now, whoever had it before. A mailbox that has ended, or is about to, is left as it is. */
  change(mailboxId: string, emailAddress: string): Promise<Mailbox> {
    return this.log.transaction(mailboxId, async ({ manager, append }) => {
      const before = await this.mailboxes.read(manager, mailboxId);
      const { emailAddress: previousEmailAddress, status } = before;
      const lives = status === 'active' || status === 'reauthorization_required';
      if (!lives || isSameAddress(previousEmailAddress, emailAddress)) return before;
      const mailbox = await this.mailboxes.changeAddress(manager, mailboxId, emailAddress);
      if (mailbox.emailAddress === previousEmailAddress) return mailbox;
      const data = { previousEmailAddress, emailAddress: mailbox.emailAddress };
      await append(mailbox, [{ type: 'mailbox.address_changed', data }]);
      this.logger.log({ mailboxId }, 'the account of a mailbox has another address');
      return mailbox;
    });
  }
}
