import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { type EntityManager, In, MoreThan, type Repository } from 'typeorm';
import { newId } from '../common/id';
import { NotFoundError } from '../common/inboxwire.error';
import { spellingsOf } from './email-address';
import { MailboxEntity } from './mailbox.entity';
import { MailboxNotActiveError } from './mailbox.errors';
import type { Mailbox, MailboxFilter, MailboxStatus } from './mailbox.types';

@Injectable()
export class MailboxService {
  constructor(@InjectRepository(MailboxEntity) private readonly mailboxes: Repository<MailboxEntity>) {}

  /** @throws NotFoundError */
  async get(id: string): Promise<Mailbox> {
    const mailbox = await this.mailboxes.findOneBy({ id });
    if (!mailbox) throw new NotFoundError('mailbox', id);
    return mailbox;
  }

  /** @throws NotFoundError, MailboxNotActiveError */
  async getActive(id: string): Promise<Mailbox> {
    const mailbox = await this.get(id);
    if (mailbox.status !== 'active') throw new MailboxNotActiveError(id, mailbox.status);
    return mailbox;
  }

  /** Whether the mailbox is active, as the transaction sees it. */
  isActive(manager: EntityManager, id: string): Promise<boolean> {
    return manager.existsBy(MailboxEntity, { id, status: 'active' });
  }

  /** @param emailAddress in any spelling */
  findByAddress(emailAddress: string): Promise<Mailbox | null> {
    return this.mailboxes.findOneBy({ emailAddress: In(spellingsOf(emailAddress)) });
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

  /** Makes sure that there is a row for the address. A new one is `disconnected` until `connect` is committed. */
  async ensure(emailAddress: string): Promise<Mailbox> {
    const row = {
      id: newId('mbx'),
      emailAddress: emailAddress.toLowerCase(),
      externalId: null,
      status: 'disconnected' as const,
    };
    const known = await this.findByAddress(emailAddress);
    if (known) return known;
    await this.mailboxes.createQueryBuilder().insert().values(row).orIgnore().execute();
    return this.mailboxes.findOneByOrFail({ emailAddress: row.emailAddress });
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
    more: { externalId?: string | undefined; revision?: number } = {},
  ): Promise<Mailbox | undefined> {
    const { externalId, revision } = more;
    const { affected } = await manager.update(
      MailboxEntity,
      { id, status: In(from), ...(revision !== undefined && { revision }) },
      { status: to, revision: () => 'revision + 1', ...(externalId !== undefined && { externalId }) },
    );
    return affected ? manager.findOneByOrFail(MailboxEntity, { id }) : undefined;
  }
}
