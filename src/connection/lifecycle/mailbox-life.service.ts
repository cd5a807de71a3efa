import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { GrantService } from '../../auth/grant.service';
import type { IssuedTokens } from '../../auth/grant.types';
import { type AppendTransaction, EventLogService } from '../../event/log/event-log.service';
import { MailboxErasedError } from '../../mailbox/mailbox.errors';
import { MailboxService } from '../../mailbox/mailbox.service';
import { isSameAddress } from '../../mailbox/email-address';
import {
  type GoogleAccount,
  type GrantKind,
  type Mailbox,
  type MailboxStatus,
} from '../../mailbox/mailbox.types';
import { MailboxCursorService } from '../../sync/mailbox-cursor.service';
import { ErasureQueueStore } from '../erasure/erasure-queue.store';
import { WatchService } from '../../watch/watch.service';
import type { DisconnectStep } from './disconnect.entity';
import { DisconnectQueueStore } from './disconnect-queue.store';

/**
 * Connecting a mailbox and each step of disconnecting it keep each other out, across replicas: a stop or a revocation
 * under way must not hit the watch and the grant of a mailbox that is being connected again.
 */
export function connectionLease(mailboxId: string): string {
  return `connection:${mailboxId}`;
}

/** What `connect` commits beside the status. */
export interface Connecting {
  grantKind: GrantKind;
  tokens: IssuedTokens;
  account: GoogleAccount;
  /** Undefined: the mailbox keeps the one that it has. */
  externalId: string | undefined;
  /** Whether a mailbox that is disconnected now has been connected before. */
  wasConnected: boolean;
  /** What arrived since then is to be reported too. */
  backfillSince: Date | undefined;
  /** Written in the same transaction. */
  also: (manager: EntityManager, mailboxId: string) => Promise<void>;
}

/** From which a mailbox can be connected (again). */
const CONNECTABLE: readonly MailboxStatus[] = [
  'active',
  'reauthorization_required',
  'disconnecting',
  'disconnected',
];

/** The transactions that begin and end the life of a mailbox. Each is whole or did not happen. */
@Injectable()
export class MailboxLifeService {
  /** Seven: each transaction writes what every module keeps of a mailbox. */
  constructor(
    private readonly log: EventLogService,
    private readonly mailboxes: MailboxService,
    private readonly grants: GrantService,
    private readonly cursors: MailboxCursorService,
    private readonly watches: WatchService,
    private readonly queue: DisconnectQueueStore,
    private readonly erasures: ErasureQueueStore,
  ) {}

  /**
   * Makes the mailbox active, whatever it was; a disconnect under way finds its row gone and ends.
   *
   * @throws MailboxErasedError also while it is only to be erased: the revocation that is to come would end this grant too
   */
  connect(
    id: string,
    { grantKind, tokens, account, externalId, wasConnected, backfillSince, also }: Connecting,
  ): Promise<Mailbox> {
    return this.changeGrant(id, async (transaction) => {
      const { manager } = transaction;
      await this.requireKept(manager, id);
      const { emailAddress: previousEmailAddress, status } = await this.mailboxes.read(manager, id);
      const isRenamed = !isSameAddress(previousEmailAddress, account.emailAddress);
      await this.mailboxes.identify(manager, id, {
        ...account,
        emailAddress: isRenamed ? account.emailAddress : previousEmailAddress!,
      });
      const more = { externalId, grantKind };
      const mailbox = (await this.mailboxes.move(manager, id, CONNECTABLE, 'active', more))!;
      await this.queue.cancel(manager, id);
      await this.grants.store(manager, id, tokens);
      // A disconnected mailbox has kept its place only for the administrator who connects it again.
      if (status === 'disconnected' && grantKind === 'consent') await this.cursors.forget(manager, id);
      await this.cursors.resume(manager, id);
      if (backfillSince) await this.cursors.backfill(manager, id, backfillSince);
      await also(manager, id);
      const { emailAddress } = mailbox;
      const reason = status === 'disconnected' && !wasConnected ? 'connected' : 'reconnected';
      await transaction.append([
        ...(isRenamed
          ? [{ type: 'mailbox.address_changed' as const, data: { previousEmailAddress, emailAddress } }]
          : []),
        { type: 'mailbox.connected', data: { reason } },
      ]);
      return mailbox;
    });
  }

  /** What arrived since that time is to be reported too, of a mailbox that is active. */
  async backfill(id: string, since: Date): Promise<void> {
    await this.log.transaction(id, async ({ manager }) => {
      if (await this.mailboxes.isActive(manager, id)) await this.cursors.backfill(manager, id, since);
    });
  }

  /** @returns the mailbox, or undefined when it is disconnected, or about to be, already */
  beginDisconnect(id: string): Promise<Mailbox | undefined> {
    return this.log.transaction(id, ({ manager }) => this.leave(manager, id));
  }

  /** Asks for the erasure of a mailbox, which is disconnected first where it is not. It is done by the job. */
  beginErasure(id: string): Promise<Mailbox> {
    return this.log.transaction(id, async ({ manager }) => {
      const mailbox = await this.mailboxes.read(manager, id);
      if (mailbox.status === 'erased') return mailbox;
      await this.erasures.add(manager, id);
      return (await this.leave(manager, id)) ?? mailbox;
    });
  }

  /** @throws MailboxErasedError */
  async setExternalId(id: string, externalId: string | null): Promise<void> {
    await this.log.transaction(id, async ({ manager }) => {
      await this.requireKept(manager, id);
      await this.mailboxes.setExternalId(manager, id, externalId);
    });
  }

  private async leave(manager: EntityManager, id: string): Promise<Mailbox | undefined> {
    const from: readonly MailboxStatus[] = ['active', 'reauthorization_required'];
    const mailbox = await this.mailboxes.move(manager, id, from, 'disconnecting');
    if (!mailbox) return undefined;
    await this.queue.add(manager, id);
    await this.cursors.pause(manager, id);
    return mailbox;
  }

  private async requireKept(manager: EntityManager, id: string): Promise<void> {
    const { status } = await this.mailboxes.read(manager, id);
    if (status === 'erased' || (await this.erasures.isAskedFor(manager, id)))
      throw new MailboxErasedError(id);
  }

  /** The last step. Does nothing when this replica no longer has the claim: the mailbox was connected again, say. */
  endDisconnect(id: string): Promise<void> {
    return this.end(id, 'erase', ['disconnecting'], 'requested');
  }

  /**
   * Another account has the address, and this one is no more. Nothing is asked of Google: what is there to stop or to revoke
   * may be the other mailbox's. Does nothing as `endDisconnect`.
   */
  endReplaced(id: string): Promise<void> {
    return this.end(id, 'identify', ['active', 'reauthorization_required'], 'account_replaced');
  }

  /** A displaced mailbox holds an address again. */
  async keepDisplaced(id: string): Promise<void> {
    await this.log.transaction(id, async ({ manager }) => {
      await this.queue.finish(manager, id, 'identify');
    });
  }

  private end(
    id: string,
    step: DisconnectStep,
    from: readonly MailboxStatus[],
    reason: 'requested' | 'account_replaced',
  ): Promise<void> {
    return this.changeGrant(id, async (transaction) => {
      const { manager } = transaction;
      if (!(await this.queue.finish(manager, id, step))) return;
      // Its account was asked again meanwhile, and it holds an address: it is no longer replaced.
      if (step === 'identify' && (await this.mailboxes.read(manager, id)).holdsAddress) return;
      const mailbox = await this.mailboxes.move(manager, id, from, 'disconnected');
      if (!mailbox) return;
      await this.grants.erase(manager, id);
      await this.watches.markStopped(manager, id);
      await this.leaveCursor(manager, mailbox, reason);
      await transaction.append([{ type: 'mailbox.disconnected', data: { reason } }]);
    });
  }

  /** What an administrator disconnects goes on from the old cursor when it is connected again; an owner begins anew. */
  private async leaveCursor(
    manager: EntityManager,
    { id, grantKind }: Mailbox,
    reason: 'requested' | 'account_replaced',
  ): Promise<void> {
    if (grantKind === 'delegated' && reason === 'requested') await this.cursors.pause(manager, id);
    else await this.cursors.forget(manager, id);
  }

  private changeGrant<T>(id: string, work: (transaction: AppendTransaction) => Promise<T>): Promise<T> {
    return this.grants.change(id, () => this.log.transaction(id, work));
  }
}
