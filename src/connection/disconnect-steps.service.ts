import { Injectable } from '@nestjs/common';
import { GrantService } from '../auth/grant.service';
import { LeaseService } from '../database/lease.service';
import { GmailApiClient } from '../gmail/gmail-api.client';
import { CONNECTION_LEASE, connectionLease } from './connection-lease';
import { DisconnectQueueService } from './disconnect-queue.service';
import { type ClaimedDisconnect, type DisconnectStep, stepAfter } from './disconnect.types';
import { isStepDone } from './is-step-done';
import { MailboxLifeService } from './mailbox-life.service';

/**
 * Does a disconnect step by step, each committed before the next begins. A step may be done twice, when its replica
 * died before it could commit; all three bear that.
 */
@Injectable()
export class DisconnectStepsService {
  constructor(
    private readonly queue: DisconnectQueueService,
    private readonly leases: LeaseService,
    private readonly gmail: GmailApiClient,
    private readonly grants: GrantService,
    private readonly life: MailboxLifeService,
  ) {}

  /** Goes on until it is disconnected, connected again, taken over by another replica, or told to stop. */
  async run({ mailboxId, step }: ClaimedDisconnect, signal: AbortSignal): Promise<void> {
    for (let next: DisconnectStep | undefined = step; next && !signal.aborted;) {
      const current: DisconnectStep = next;
      next = await this.leases.hold(connectionLease(mailboxId), CONNECTION_LEASE, () =>
        this.take(mailboxId, current),
      );
    }
  }

  private async take(mailboxId: string, step: DisconnectStep): Promise<DisconnectStep | undefined> {
    if (!(await this.queue.isOurs(mailboxId, step))) return undefined;
    await this.perform(mailboxId, step);
    const next = stepAfter(step);
    return next && (await this.queue.advance(mailboxId, step, next)) ? next : undefined;
  }

  private async perform(mailboxId: string, step: DisconnectStep): Promise<void> {
    switch (step) {
      case 'stop':
        return this.unlessDone(this.gmail.stop(mailboxId));
      case 'revoke':
        return this.unlessDone(this.grants.revoke(mailboxId));
      case 'erase':
        return this.life.endDisconnect(mailboxId);
    }
  }

  private async unlessDone(call: Promise<void>): Promise<void> {
    try {
      await call;
    } catch (error) {
      if (!isStepDone(error)) throw error;
    }
  }
}
