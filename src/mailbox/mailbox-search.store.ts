import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { sql } from '../database/sql';
import type { Mailbox, MailboxStatus } from './mailbox.types';

export interface MailboxSearch {
  /** A part of the address or of the external id, in any letter case. */
  text?: string | undefined;
  status?: MailboxStatus | undefined;
  /** The id of the last mailbox of the page before. */
  after?: string | undefined;
  limit: number;
}

/** As in the index `mailboxes_search_idx`, or it is not used. */
const SEARCHED = `lower(coalesce(email_address, '') || ' ' || coalesce(external_id, ''))`;

/** By the database, as what it is compared with: which letters have a lower case depends on its locale. */
const WANTED = 'lower($1::text)';

const COLUMNS = `id, google_account_id AS "googleAccountId", email_address AS "emailAddress", holds_address AS "holdsAddress",
  external_id AS "externalId", status, grant_kind AS "grantKind", revision, created_at AS "createdAt"`;

/** Finds mailboxes by what people remember of them. */
@Injectable()
export class MailboxSearchStore {
  constructor(private readonly dataSource: DataSource) {}

  /** In the order of their ids. */
  find({ text = '', status, after, limit }: MailboxSearch): Promise<Mailbox[]> {
    // Shorter ones have no three letters to look up; they are found on the way through, and most pages are full soon.
    const byIndex = text.length >= 3 ? `search_grams(${SEARCHED}) @> search_grams(${WANTED}) AND` : '';
    return sql<Mailbox>(
      this.dataSource,
      `SELECT ${COLUMNS} FROM mailboxes
       WHERE ${byIndex} ${status === undefined ? '$2::text IS NULL' : 'status = $2'} AND id > $3
         AND position(${WANTED} in ${SEARCHED}) > 0
       ORDER BY id LIMIT $4`,
      [text, status ?? null, after ?? '', limit],
    );
  }
}
