import { Injectable } from '@nestjs/common';
import { LeaseService } from '../database/lease.service';
import { GmailApiClient } from '../gmail/gmail-api.client';
import { GmailApiError } from '../gmail/gmail.errors';
import type { StartedWatch } from '../gmail/gmail.types';
import type { LabelFilter } from '../sync/sync.types';

/** Two calls and a stop, each within the client's time-out, end well within this many milliseconds. */
const TTL = 120_000;
const WAIT = 15_000;

/** The calls to `users.watch` and `users.stop`, one at a time for a mailbox: Google refuses them when they overlap. */
@Injectable()
export class WatchCallService {
  constructor(
    private readonly leases: LeaseService,
    private readonly gmail: GmailApiClient,
  ) {}

  /** Does the work while no other replica asks Google about this mailbox's watch. */
  oneAtATime<T>(mailboxId: string, work: () => Promise<T>): Promise<T> {
    return this.leases.hold(`watch:${mailboxId}`, { ttl: TTL, wait: WAIT }, work);
  }

  /** Starts or renews the watch. One that another topic has is stopped, once, and then started. */
  async start(mailboxId: string, filter: LabelFilter): Promise<StartedWatch> {
    try {
      return await this.gmail.watch(mailboxId, filter);
    } catch (error) {
      if (!(error instanceof GmailApiError) || error.code !== 'other_watch_client') throw error;
      await this.gmail.stop(mailboxId);
      return this.gmail.watch(mailboxId, filter);
    }
  }

  stop(mailboxId: string): Promise<void> {
    return this.gmail.stop(mailboxId);
  }
}
