import { Injectable } from '@nestjs/common';
import { BackgroundJobs } from '../../background/background-jobs';
import type { LabelFilter } from '../../gmail/label-filter';
import { BackfillService } from '../../sync/backfill/backfill.service';
import { MailboxCursorService } from '../../sync/mailbox-cursor.service';
import { FirstWatchService, wantedFilter } from '../lifecycle/first-watch.service';
import { DelegatedGrantService } from './delegated-grant.service';
import { DelegatedMailboxService } from './delegated-mailbox.service';

/** A user of a Workspace whose mailbox is wanted. */
export interface WantedMailbox extends Partial<LabelFilter> {
  emailAddress: string;
  externalId?: string;
  /** RFC 3339. */
  backfillSince?: string;
}

export interface ConnectedMailbox {
  id: string;
  /** Nobody has connected it before. */
  isNew: boolean;
}

/** Connects mailboxes of a Google Workspace, whose administrator has consented for all of them. */
@Injectable()
export class WorkspaceService {
  /** Six: what is wanted of a mailbox is the business of several modules. */
  constructor(
    private readonly grants: DelegatedGrantService,
    private readonly mailboxes: DelegatedMailboxService,
    private readonly firstWatches: FirstWatchService,
    private readonly cursors: MailboxCursorService,
    private readonly backfills: BackfillService,
    private readonly jobs: BackgroundJobs,
  ) {}

  /**
   * An active mailbox is left as it is, except for what is wanted of it.
   *
   * @throws DelegationError, UserNotFoundError, MailServiceNotEnabledError, GoogleRefusedError, WorkspaceUnavailableError,
   *   LeaseTakenError, InvalidValueError
   */
  async connect(wanted: WantedMailbox): Promise<ConnectedMailbox> {
    const { emailAddress, externalId, backfillSince: since } = wanted;
    const filter = wantedFilter(wanted);
    const backfillSince = since === undefined ? undefined : this.backfills.readSince('backfillSince', since);
    const grant = await this.grants.get(emailAddress.trim().toLowerCase());
    const { id, isNew, isConnected } = await this.mailboxes.connect(grant, {
      externalId,
      backfillSince,
      filter,
    });
    // Whoever held the address before has lost it, and what became of them is found out at once.
    if (isConnected) {
      this.jobs.wake('disconnect');
      await this.firstWatches.start(id, filter);
    } else {
      await this.cursors.requestSync(id);
      await this.firstWatches.startUnlessActive(id, filter);
    }
    return { id, isNew };
  }

  /** @throws DelegationNotConfiguredError */
  requireDelegation(): void {
    this.grants.requireDelegation();
  }
}
