import { Injectable } from '@nestjs/common';
import type { LabelFilter } from '../../gmail/label-filter';
import { LeaseService } from '../../database/lease.service';
import { EventReaderService } from '../../event/log/event-reader.service';
import { MailboxService } from '../../mailbox/mailbox.service';
import { FirstWatchService } from '../lifecycle/first-watch.service';
import { connectionLease, MailboxLifeService } from '../lifecycle/mailbox-life.service';
import type { DelegatedGrant } from './delegated-grant.service';

export interface DelegatedRequest {
  externalId: string | undefined;
  backfillSince: Date | undefined;
  filter: Partial<LabelFilter>;
}

/** What became of a request. */
export interface DelegatedMailbox {
  id: string;
  /** Nobody has connected it before. */
  isNew: boolean;
  /** False: it was active by delegation already, and has been left as it was. */
  isConnected: boolean;
}

/** Makes a mailbox of a delegated grant: a new one, or the one that is known by the address. */
@Injectable()
export class DelegatedMailboxService {
  constructor(
    private readonly mailboxes: MailboxService,
    private readonly events: EventReaderService,
    private readonly leases: LeaseService,
    private readonly life: MailboxLifeService,
    private readonly firstWatches: FirstWatchService,
  ) {}

  /** @throws LeaseTakenError */
  async connect(grant: DelegatedGrant, request: DelegatedRequest): Promise<DelegatedMailbox> {
    const { id } = await this.mailboxes.ensure(grant.account);
    return this.leases.hold(connectionLease(id), async () => {
      const { status, grantKind } = await this.mailboxes.get(id);
      const wasConnected = status !== 'disconnected' || (await this.events.hasEver(id));
      const isConnected = status !== 'active' || grantKind !== 'delegated';
      if (isConnected) await this.join(id, grant, request, wasConnected);
      else await this.update(id, request);
      return { id, isNew: !wasConnected, isConnected };
    });
  }

  /** An active mailbox is left as it is, except for what is wanted of it. */
  private async update(id: string, { externalId, backfillSince }: DelegatedRequest): Promise<void> {
    if (externalId !== undefined) await this.life.setExternalId(id, externalId);
    if (backfillSince) await this.life.backfill(id, backfillSince);
  }

  private async join(
    id: string,
    { tokens, account }: DelegatedGrant,
    { externalId, backfillSince, filter }: DelegatedRequest,
    wasConnected: boolean,
  ): Promise<void> {
    await this.life.connect(id, {
      ...{ grantKind: 'delegated', tokens, account, externalId, wasConnected, backfillSince },
      also: (manager, mailboxId) => this.firstWatches.request(manager, mailboxId, filter),
    });
  }
}
