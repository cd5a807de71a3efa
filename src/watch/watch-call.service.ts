import { Injectable } from '@nestjs/common';
import { InboxwireError } from '../common/inboxwire.error';
import { LeaseService } from '../database/lease.service';
import { GmailApiClient } from '../gmail/client/gmail-api.client';
import { GmailApiError } from '../gmail/gmail.errors';
import type { StartedWatch } from '../gmail/gmail.types';
import type { LabelFilter } from '../gmail/label-filter';
import { AddressCheckService } from '../sync/cursor/address-check.service';
import { LabelMissingError } from './watch.errors';
import { WatchStore } from './watch.store';

/** A watch that was granted, and with which filter. */
export interface RenewedWatch {
  started: StartedWatch;
  filter: LabelFilter;
  /** Labels were dropped from the filter. */
  missing: LabelMissingError | null;
}

/** The calls to `users.watch` and `users.stop`, one at a time for a mailbox: Google refuses them when they overlap. */
@Injectable()
export class WatchCallService {
  constructor(
    private readonly leases: LeaseService,
    private readonly gmail: GmailApiClient,
    private readonly store: WatchStore,
    private readonly addresses: AddressCheckService,
  ) {}

  /** Does the work while no other replica asks Google about this mailbox's watch. */
  oneAtATime<T>(mailboxId: string, work: () => Promise<T>): Promise<T> {
    return this.leases.hold(`watch:${mailboxId}`, work);
  }

  /** Notices a new address of the account. A failure is no failure of the watch, which is asked for next. */
  async checkAddress(mailboxId: string): Promise<void> {
    try {
      await this.addresses.check(mailboxId, { mailboxId, priority: 'watch' });
    } catch (error) {
      if (!(error instanceof InboxwireError)) throw error;
    }
  }

  /** Starts or renews the watch. One that another topic has is stopped, once, and then started. */
  async start(mailboxId: string, filter: LabelFilter): Promise<StartedWatch> {
    try {
      return await this.gmail.watch(mailboxId, filter);
    } catch (error) {
      if (!(error instanceof GmailApiError) || error.code !== 'other_watch_client') throw error;
      await this.gmail.stop(mailboxId);
      return this.startAfresh(mailboxId, filter);
    }
  }

  /** Starts a watch where it has just been stopped. When that is refused, the watch that was there has ended. */
  private async startAfresh(mailboxId: string, filter: LabelFilter): Promise<StartedWatch> {
    try {
      return await this.gmail.watch(mailboxId, filter);
    } catch (error) {
      await this.store.ended(mailboxId);
      throw error;
    }
  }

  /**
   * Starts the watch again, without the labels that the mailbox no longer has.
   *
   * @throws LabelMissingError when it has none of them: an empty filter would let everything through
   */
  async renew(mailboxId: string, filter: LabelFilter): Promise<RenewedWatch> {
    try {
      return { started: await this.start(mailboxId, filter), filter, missing: null };
    } catch (error) {
      if (!(error instanceof GmailApiError) || error.code !== 'label_invalid') throw error;
      const existing = await this.gmail.labelIds({ mailboxId, priority: 'watch' });
      const labelIds = filter.labelIds.filter((id) => existing.has(id));
      const gone = filter.labelIds.filter((id) => !existing.has(id));
      if (gone.length === 0) throw error;
      const missing = new LabelMissingError(gone, labelIds);
      if (labelIds.length === 0) throw missing;
      const rest = { ...filter, labelIds };
      return { started: await this.start(mailboxId, rest), filter: rest, missing };
    }
  }

  stop(mailboxId: string): Promise<void> {
    return this.gmail.stop(mailboxId);
  }
}
