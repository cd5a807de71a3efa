import { Injectable } from '@nestjs/common';
import { GrantService } from '../../auth/grant.service';
import { LeaseService } from '../../database/lease.service';
import { GmailApiClient } from '../../gmail/client/gmail-api.client';
import { connectionLease, MailboxLifeService } from './mailbox-life.service';
import { DisconnectQueueStore } from './disconnect-queue.store';
import { type ClaimedDisconnect, stepAfter } from './disconnect.entity';
import { isStepDone } from './is-step-done';

/** After this a stop is not sent any more, nor waited for: within the lease, or it could hit a new watch. */
const STOP_TIMEOUT_MS = 12_000;

/**
 * Does a disconnect step by step, each committed before the next begins. A step may be done twice, when its replica
 * ended before it could commit; all three may be repeated.
 */
@Injectable()
export class DisconnectStepsService {
  constructor(
    private readonly queue: DisconnectQueueStore,
    private readonly leases: LeaseService,
    private readonly gmail: GmailApiClient,
    private readonly grants: GrantService,
    private readonly life: MailboxLifeService,
  ) {}

  /** Goes on until it is disconnected, connected again, taken over by another replica, or asked to stop. */
  async run(claimed: ClaimedDisconnect, signal: AbortSignal): Promise<void> {
    for (let next: ClaimedDisconnect | undefined = claimed; next && !signal.aborted;) {
      const current: ClaimedDisconnect = next;
      next = await this.leases.hold(connectionLease(current.mailboxId), () => this.take(current));
    }
  }

  private async take(claimed: ClaimedDisconnect): Promise<ClaimedDisconnect | undefined> {
    const { mailboxId, step } = claimed;
    if (!(await this.queue.isOurs(mailboxId, step))) return undefined;
    await this.perform(claimed);
    const next = stepAfter(step);
    const advanced = next && (await this.queue.advance(mailboxId, step, next));
    return advanced ? { mailboxId, step: next, failures: 0 } : undefined;
  }

  private async perform({ mailboxId, step, failures }: ClaimedDisconnect): Promise<void> {
    switch (step) {
      case 'identify':
        // Nobody asked for this disconnect: it is the business of DisplacedMailboxService.
        return;
      case 'stop':
        return unlessDone(failures + 1, this.gmail.stop(mailboxId, AbortSignal.timeout(STOP_TIMEOUT_MS)));
      case 'revoke':
        return unlessDone(failures + 1, this.grants.revoke(mailboxId));
      case 'erase':
        return this.life.endDisconnect(mailboxId);
    }
  }
}

async function unlessDone(failures: number, call: Promise<void>): Promise<void> {
  try {
    await call;
  } catch (error) {
    if (!isStepDone(error, failures)) throw error;
  }
}
