import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { sql } from '../database/sql';
import { newId } from '../common/id';
import { canonicalAddress, spellingsOf } from './email-address';
import type { GoogleAccount } from './mailbox.types';

/** The first key of the advisory locks that keep two consents for one address apart; the second is a hash of the address. */
const ADDRESS_LOCK = 0x1b0f;

/** Who stands for which account and which address, in SQL. */
@Injectable()
export class MailboxStore {
  constructor(private readonly dataSource: DataSource) {}

  /**
   * The id of the account's mailbox: the one that is known by the account, else the one that holds the address and of
   * which no account is known yet, else a new one, which is `disconnected` until `connect` is committed.
   */
  async ensure({ googleAccountId, emailAddress }: GoogleAccount): Promise<string> {
    return this.dataSource.transaction(async (manager) => {
      const address = canonicalAddress(emailAddress);
      await sql(manager, 'SELECT pg_advisory_xact_lock($1, hashtext($2))', [ADDRESS_LOCK, address]);
      const known = await sql<{ id: string }>(
        manager,
        `SELECT id FROM mailboxes
         WHERE google_account_id = $1
            OR email_address = ANY ($2) AND holds_address AND ($1::text IS NULL OR google_account_id IS NULL)
         ORDER BY google_account_id = $1 DESC NULLS LAST, status = 'disconnected', id DESC LIMIT 1`,
        [googleAccountId ?? null, spellingsOf(emailAddress)],
      );
      if (known[0]) return known[0].id;
      const [made] = await sql<{ id: string }>(
        manager,
        `INSERT INTO mailboxes (id, google_account_id, email_address, status) VALUES ($1, $2, $3, 'disconnected')
         ON CONFLICT (google_account_id) WHERE google_account_id IS NOT NULL DO UPDATE SET google_account_id = excluded.google_account_id RETURNING id`,
        [newId('mbx'), googleAccountId ?? null, emailAddress.toLowerCase()],
      );
      return made!.id;
    });
  }

  /**
   * The account has this address now. Whoever held it loses it: another account cannot have it at the same time. Both rows
   * are locked in the order of their ids, so that accounts that swap addresses cannot wait for each other. Their keys stay
   * free: rows of other tables that name the mailbox are added meanwhile.
   */
  async takeAddress(manager: EntityManager, id: string, emailAddress: string): Promise<void> {
    const spellings = spellingsOf(emailAddress);
    await sql(
      manager,
      `SELECT id FROM mailboxes WHERE id = $1 OR email_address = ANY ($2) ORDER BY id FOR NO KEY UPDATE`,
      [id, spellings],
    );
    await sql(
      manager,
      `UPDATE mailboxes SET holds_address = false
       WHERE email_address = ANY ($2) AND id <> $1 AND status <> 'disconnected'`,
      [id, spellings],
    );
    await sql(manager, `UPDATE mailboxes SET email_address = $2, holds_address = true WHERE id = $1`, [
      id,
      emailAddress,
    ]);
  }

  /**
   * Remembers which account a mailbox stands for, when that is not known yet. When another mailbox that lives stands for it
   * already, this one loses its address, and so is found out.
   */
  async recordAccount(id: string, googleAccountId: string): Promise<void> {
    await sql(
      this.dataSource,
      `WITH other AS (SELECT id FROM mailboxes WHERE google_account_id = $2)
       UPDATE mailboxes SET
         google_account_id = CASE WHEN EXISTS (SELECT FROM other) THEN NULL ELSE $2 END,
         holds_address = holds_address AND NOT EXISTS (SELECT FROM other)
       WHERE id = $1 AND google_account_id IS NULL`,
      [id, googleAccountId],
    );
  }

  /** Whether the address is held by a mailbox of a known account, other than this one. */
  async isHeldByKnownAccount(manager: EntityManager, id: string, emailAddress: string): Promise<boolean> {
    const rows = await sql(
      manager,
      `SELECT FROM mailboxes WHERE email_address = ANY ($2) AND id <> $1 AND holds_address
         AND status <> 'disconnected' AND google_account_id IS NOT NULL`,
      [id, spellingsOf(emailAddress)],
    );
    return rows.length > 0;
  }
}
