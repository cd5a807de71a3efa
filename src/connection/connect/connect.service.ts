import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { GrantService } from '../../auth/grant.service';
import { LeaseService } from '../../database/lease.service';
import { EventReaderService } from '../../event/log/event-reader.service';
import { MailboxService } from '../../mailbox/mailbox.service';
import { isSameAddress } from '../../mailbox/email-address';
import type { GoogleAccount, Mailbox } from '../../mailbox/mailbox.types';
import { ConnectError } from '../connection.errors';
import { connectionLease, MailboxLifeService } from '../lifecycle/mailbox-life.service';
import type { ConnectSession } from './connect-session.types';
import type { RedeemedConsent } from './consent.service';

/** Makes a mailbox of a consent: a new one, or the one that this account always was. */
@Injectable()
export class ConnectService {
  constructor(
    private readonly mailboxes: MailboxService,
    private readonly events: EventReaderService,
    private readonly grants: GrantService,
    private readonly leases: LeaseService,
    private readonly life: MailboxLifeService,
  ) {}

  /**
   * @param also written in the transaction that connects the mailbox
   * @throws ConnectError `account_mismatch`, before anything has changed; LeaseTakenError, and what `GrantService.confirm` throws
   */
  async connect(
    { tokens, account }: RedeemedConsent,
    session: Pick<ConnectSession, 'externalId' | 'mailboxId' | 'expectedEmailAddress' | 'backfillSince'>,
    also: (manager: EntityManager, mailboxId: string) => Promise<void>,
  ): Promise<Mailbox> {
    if (!(await this.isExpected(account, session))) throw new ConnectError('account_mismatch');
    const id = session.mailboxId ?? (await this.mailboxes.ensure(account)).id;
    return this.leases.hold(connectionLease(id), async () => {
      const { status } = await this.mailboxes.get(id);
      const wasConnected = status !== 'disconnected' || (await this.events.hasEver(id));
      // A disconnect may have revoked these tokens too after they were issued: Google's revocation ends all of an owner's.
      const mayBeRevoked = status === 'disconnecting' || (status === 'disconnected' && wasConnected);
      const alive = mayBeRevoked ? await this.grants.confirm(tokens) : tokens;
      return this.life.connect(id, {
        ...{ grantKind: 'consent', tokens: alive, account, wasConnected, also },
        externalId: session.externalId,
        backfillSince: session.backfillSince === undefined ? undefined : new Date(session.backfillSince),
      });
    });
  }

  /** Whether this is the account that the session was made for. */
  private async isExpected(
    { googleAccountId, emailAddress }: GoogleAccount,
    { mailboxId, expectedEmailAddress }: Pick<ConnectSession, 'mailboxId' | 'expectedEmailAddress'>,
  ): Promise<boolean> {
    if (expectedEmailAddress !== undefined && !isSameAddress(emailAddress, expectedEmailAddress))
      return false;
    if (mailboxId === undefined) return true;
    const mailbox = await this.mailboxes.get(mailboxId);
    if (googleAccountId === undefined) return isSameAddress(mailbox.emailAddress, emailAddress);
    if (mailbox.googleAccountId !== null) return mailbox.googleAccountId === googleAccountId;
    // No account is known yet: it is the same one when the address is, unless that account has a mailbox already.
    const other = await this.mailboxes.findByAccount(googleAccountId);
    return !other && isSameAddress(mailbox.emailAddress, emailAddress);
  }
}
