import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { GrantService } from '../../auth/grant.service';
import { LeaseService } from '../../database/lease.service';
import { EventReaderService } from '../../event/log/event-reader.service';
import { MailboxService } from '../../mailbox/mailbox.service';
import type { Mailbox } from '../../mailbox/mailbox.types';
import { CONNECTION_LEASE, connectionLease, MailboxLifeService } from '../lifecycle/mailbox-life.service';
import type { RedeemedConsent } from './consent.service';

/** Makes a mailbox of a consent: a new one, or the one that this address always was. */
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
   * @param externalId undefined keeps the one that a known mailbox has
   * @param also written in the transaction that connects the mailbox
   * @throws LeaseTakenError, and what `GrantService.confirm` throws
   */
  async connect(
    { tokens, emailAddress }: RedeemedConsent,
    externalId: string | undefined,
    also: (manager: EntityManager, mailboxId: string) => Promise<void>,
  ): Promise<Mailbox> {
    const { id } = await this.mailboxes.ensure(emailAddress);
    return this.leases.hold(connectionLease(id), CONNECTION_LEASE, async () => {
      const { status } = await this.mailboxes.get(id);
      const wasConnected = status !== 'disconnected' || (await this.events.hasEver(id));
      // A disconnect may have revoked these tokens too after they were issued: Google's revocation ends all of an owner's.
      const mayBeRevoked = status === 'disconnecting' || (status === 'disconnected' && wasConnected);
      const alive = mayBeRevoked ? await this.grants.confirm(tokens) : tokens;
      return this.life.connect(id, { tokens: alive, externalId, wasConnected, also });
    });
  }
}
