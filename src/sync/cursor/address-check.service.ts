import { Injectable, Logger } from '@nestjs/common';
import { EventLogService } from '../../event/log/event-log.service';
import { GmailApiClient } from '../../gmail/client/gmail-api.client';
import type { GmailCaller } from '../../gmail/quota/costs';
import { isSameAddress } from '../../mailbox/email-address';
import { MailboxService } from '../../mailbox/mailbox.service';
import type { Mailbox } from '../../mailbox/mailbox.types';
import { CursorLifecycleStore } from './cursor-lifecycle.store';

/** Notices that the account of a mailbox has another address: an administrator renamed it. Nothing but the profile says so. */
@Injectable()
export class AddressCheckService {
  private readonly logger = new Logger(AddressCheckService.name);

  constructor(
    private readonly gmail: GmailApiClient,
    private readonly mailboxes: MailboxService,
    private readonly log: EventLogService,
    private readonly cursors: CursorLifecycleStore,
  ) {}

  /**
   * Asks Gmail for the address (1 unit), and follows it.
   *
   * @returns the mailbox as it is now
   */
  async check(mailboxId: string, caller: GmailCaller): Promise<Mailbox> {
    const known = await this.mailboxes.get(mailboxId);
    const mailbox = await this.change(known, await this.gmail.emailAddress(caller));
    return mailbox ?? this.check(mailboxId, caller);
  }

  /**
   * The account had this address when Gmail answered, whoever had it before. A mailbox that has ended, or is about to, is left
   * as it is.
   *
   * @param known the mailbox as it was before Gmail was asked
   * @returns the mailbox as it is now; undefined: its address has changed meanwhile, and the answer may be older than that
   */
  change(known: Mailbox, emailAddress: string): Promise<Mailbox | undefined> {
    return this.log.transaction(known.id, async ({ manager, append }) => {
      const before = await this.mailboxes.read(manager, known.id);
      const { id, emailAddress: previousEmailAddress } = before;
      if (previousEmailAddress !== known.emailAddress) return undefined;
      if (!lives(before) || isSameAddress(previousEmailAddress, emailAddress)) return before;
      const mailbox = await this.mailboxes.changeAddress(manager, id, emailAddress);
      if (mailbox.emailAddress === previousEmailAddress) return mailbox;
      const data = { previousEmailAddress, emailAddress: mailbox.emailAddress };
      await append([{ type: 'mailbox.address_changed', data }]);
      await this.cursors.forgetNotifications(manager, id);
      this.logger.log({ mailboxId: id }, 'the account of a mailbox has another address');
      return mailbox;
    });
  }

  /** The account has the address of its mailbox again, which another one held meanwhile. */
  takeBack({ id, emailAddress }: Mailbox): Promise<boolean> {
    return this.log.transaction(id, async ({ manager }) => {
      const mailbox = await this.mailboxes.read(manager, id);
      if (!lives(mailbox) || emailAddress === null || mailbox.emailAddress !== emailAddress)
        return mailbox.holdsAddress;
      return (await this.mailboxes.changeAddress(manager, id, emailAddress)).holdsAddress;
    });
  }
}

function lives({ status }: Mailbox): boolean {
  return status === 'active' || status === 'reauthorization_required';
}
