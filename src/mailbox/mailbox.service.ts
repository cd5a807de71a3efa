import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { type EntityManager, In, MoreThan, type Repository } from 'typeorm';
import { spellingsOf } from './email-address';
import { MailboxEntity } from './mailbox.entity';
import { MailboxNotActiveError, MailboxNotFoundError } from './mailbox.errors';
import { MailboxStore } from './mailbox.store';
import type { GoogleAccount, GrantKind, Mailbox, MailboxFilter, MailboxStatus } from './mailbox.types';

@Injectable()
export class MailboxService {
  constructor(
    @InjectRepository(MailboxEntity) private readonly mailboxes: Repository<MailboxEntity>,
    private readonly store: MailboxStore,
  ) {}

  /** @throws NotFoundError */
  async get(id: string): Promise<Mailbox> {
    const mailbox = await this.mailboxes.findOneBy({ id });
    if (!mailbox) throw new MailboxNotFoundError(id);
    return mailbox;
  }

  /** @throws NotFoundError, MailboxNotActiveError */
  async getActive(id: string): Promise<Mailbox> {
    const mailbox = await this.get(id);
    if (mailbox.status !== 'active') throw new MailboxNotActiveError(id, mailbox.status);
    return mailbox;
  }

  /** Those of these that there are, in any order. */
  getAll(ids: string[]): Promise<Mailbox[]> {
    return this.mailboxes.findBy({ id: In(ids) });
  }

  /** The mailbox as the transaction sees it. There must be one. */
  read(manager: EntityManager, id: string): Promise<Mailbox> {
    return manager.findOneByOrFail(MailboxEntity, { id });
  }

  /** Whether the mailbox is active, as the transaction sees it. */
  isActive(manager: EntityManager, id: string): Promise<boolean> {
    return manager.existsBy(MailboxEntity, { id, status: 'active' });
  }

  /** @param emailAddress in any spelling */
  findByAddress(emailAddress: string): Promise<Mailbox | null> {
    return this.mailboxes.findOne({
      where: { emailAddress: In(spellingsOf(emailAddress)), holdsAddress: true },
      order: { id: 'DESC' },
    });
  }

  /** Mailboxes in the order of their ids, which is that of their creation. */
  list(filter: MailboxFilter, after: string | undefined, limit: number): Promise<Mailbox[]> {
    return this.mailboxes.find({
      where: {
        ...filter,
        ...(filter.emailAddress !== undefined && { emailAddress: In(spellingsOf(filter.emailAddress)) }),
        ...(after !== undefined && { id: MoreThan(after) }),
      },
      order: { id: 'ASC' },
      take: limit,
    });
  }

  /** The mailbox of the account: the one that it always was, or a new one, `disconnected` until `connect` is committed. */
  async ensure(account: GoogleAccount): Promise<Mailbox> {
    return this.get(await this.store.ensure(account));
  }

  findByAccount(googleAccountId: string): Promise<Mailbox | null> {
    return this.mailboxes.findOneBy({ googleAccountId });
  }

  /** Remembers which account a mailbox stands for, when that is not known yet. */
  recordAccount(id: string, googleAccountId: string): Promise<void> {
    return this.store.recordAccount(id, googleAccountId);
  }

  /**
   * The account has this address now, whoever had it before. Two mailboxes never stand for one account: one without a known
   * account leaves the address to the mailbox that holds it and whose account is known, and loses its own.
   *
   * @returns the mailbox as it is now
   */
  async changeAddress(manager: EntityManager, id: string, emailAddress: string): Promise<Mailbox> {
    const { googleAccountId } = await this.read(manager, id);
    const isDuplicate =
      googleAccountId === null && (await this.store.isHeldByKnownAccount(manager, id, emailAddress));
    if (isDuplicate) await manager.update(MailboxEntity, { id }, { holdsAddress: false });
    else await this.store.takeAddress(manager, id, emailAddress.toLowerCase());
    return this.read(manager, id);
  }

  /** Its owner has consented: the account is known, and has the address. */
  async identify(
    manager: EntityManager,
    id: string,
    { googleAccountId, emailAddress }: GoogleAccount,
  ): Promise<void> {
    if (googleAccountId !== undefined) await manager.update(MailboxEntity, { id }, { googleAccountId });
    await this.store.takeAddress(manager, id, emailAddress.toLowerCase());
  }

  async setExternalId(manager: EntityManager, id: string, externalId: string | null): Promise<void> {
    await manager.update(MailboxEntity, { id }, { externalId });
  }

  /** Who it stood for is known no more: the same account is another mailbox from now on. */
  async forgetName(manager: EntityManager, id: string): Promise<void> {
    // It holds the address that it has, which is none: nobody looks for what became of its account.
    const nobody = { googleAccountId: null, emailAddress: null, externalId: null, holdsAddress: true };
    await manager.update(MailboxEntity, { id }, nobody);
  }

  /**
   * Moves a mailbox to another status, when it is in one of the expected ones.
   *
   * @param more.revision the mailbox must still be as it was then
   * @returns the mailbox as it is now, or undefined when it was in none of them, or not as expected
   */
  async move(
    manager: EntityManager,
    id: string,
    from: readonly MailboxStatus[],
    to: MailboxStatus,
    more: { externalId?: string | undefined; grantKind?: GrantKind; revision?: number } = {},
  ): Promise<Mailbox | undefined> {
    const { externalId, grantKind, revision } = more;
    const { affected } = await manager.update(
      MailboxEntity,
      { id, status: In(from), ...(revision !== undefined && { revision }) },
      {
        status: to,
        revision: () => 'revision + 1',
        ...(externalId !== undefined && { externalId }),
        ...(grantKind && { grantKind }),
      },
    );
    return affected ? manager.findOneByOrFail(MailboxEntity, { id }) : undefined;
  }
}
