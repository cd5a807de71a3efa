import { Injectable, Logger } from '@nestjs/common';
import type { ErrorCode } from '../../common/error-codes';
import { InboxwireError } from '../../common/inboxwire.error';
import { LeaseService } from '../../database/lease.service';
import { GmailApiClient } from '../../gmail/client/gmail-api.client';
import { GmailApiError } from '../../gmail/gmail.errors';
import { MailboxService } from '../../mailbox/mailbox.service';
import type { Mailbox } from '../../mailbox/mailbox.types';
import { isSameAddress } from '../../mailbox/email-address';
import { AddressCheckService } from '../../sync/cursor/address-check.service';
import type { ClaimedDisconnect } from './disconnect.entity';
import { isStepDone } from './is-step-done';
import { connectionLease, MailboxLifeService } from './mailbox-life.service';

/** Refusals of this application, whoever's the account: they say nothing of it. */
const OF_THE_APPLICATION: ReadonlySet<ErrorCode> = new Set([
  'gmail_api_not_enabled',
  'delegation_denied',
  'delegation_not_configured',
  'service_account_refused',
  'oauth_client_deleted',
  'oauth_client_disabled',
  'oauth_client_invalid',
  'oauth_client_unauthorized',
  'org_internal',
  'invalid_scope',
  'redirect_uri_mismatch',
  'token_refused',
]);

/** When two accounts answer with the same address so often in a row, the one that consented under it has it. */
const CONTRADICTIONS_BELIEVED = 3;

function saysNothing(error: unknown): boolean {
  return error instanceof InboxwireError && OF_THE_APPLICATION.has(error.code);
}

/**
 * Finds out what became of a mailbox whose address another account has now. Its account may have got another address, which
 * the mailbox then follows; otherwise the account is no more, and the mailbox ends.
 */
@Injectable()
export class DisplacedMailboxService {
  private readonly logger = new Logger(DisplacedMailboxService.name);

  constructor(
    private readonly mailboxes: MailboxService,
    private readonly gmail: GmailApiClient,
    private readonly addresses: AddressCheckService,
    private readonly life: MailboxLifeService,
    private readonly leases: LeaseService,
  ) {}

  /** @throws what is worth another try */
  settle({ mailboxId, failures }: ClaimedDisconnect): Promise<void> {
    return this.leases.hold(connectionLease(mailboxId), () => this.decide(mailboxId, failures));
  }

  private async decide(mailboxId: string, failures: number): Promise<void> {
    const mailbox = await this.mailboxes.get(mailboxId);
    if (!(await this.follow(mailbox, failures))) {
      await this.life.endReplaced(mailboxId);
      this.logger.warn(
        { mailboxId },
        'the address of a mailbox belongs to another account now: it has ended',
      );
      return;
    }
    await this.life.keepDisplaced(mailboxId);
  }

  /** @returns whether the mailbox holds an address again */
  private async follow(mailbox: Mailbox, failures: number): Promise<boolean> {
    if (mailbox.holdsAddress) return true;
    const emailAddress = await this.currentAddress(mailbox, failures);
    if (emailAddress === undefined) return false;
    if (isSameAddress(emailAddress, mailbox.emailAddress)) return this.takeBack(mailbox, failures);
    const changed = await this.addresses.change(mailbox, emailAddress);
    return changed ? changed.holdsAddress : this.follow(await this.mailboxes.get(mailbox.id), failures);
  }

  /**
   * The account answers with the address that another one has taken: accounts that swapped addresses may have swapped them
   * back since. It keeps the address unless the other one has it still.
   */
  private async takeBack(mailbox: Mailbox, failures: number): Promise<boolean> {
    const { googleAccountId, emailAddress } = mailbox;
    if (googleAccountId === null || emailAddress === null) return false;
    const holder = await this.mailboxes.findByAddress(emailAddress);
    const held = holder && (await this.currentAddress(holder, failures));
    if (!held || !isSameAddress(held, emailAddress)) return this.addresses.takeBack(mailbox);
    // They may have swapped between the two answers.
    if (failures + 1 < CONTRADICTIONS_BELIEVED)
      throw new GmailApiError(
        'gmail_unavailable',
        'Gmail gives two accounts the same address; they are asked again',
      );
    return false;
  }

  /** Undefined: the account no longer answers. One whose grant is dead is not asked. */
  private async currentAddress({ id, status }: Mailbox, failures: number): Promise<string | undefined> {
    if (status !== 'active') return undefined;
    try {
      return await this.gmail.emailAddress({ mailboxId: id, priority: 'watch' });
    } catch (error) {
      if (!saysNothing(error) && isStepDone(error, failures + 1)) return undefined;
      throw error;
    }
  }
}
