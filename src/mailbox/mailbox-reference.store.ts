import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { sql } from '../database/sql';

/** What a person knows a mailbox by. */
export interface NamedMailbox {
  id: string;
  /** Null once it is erased. */
  emailAddress: string | null;
  externalId: string | null;
}

/** An external id may be that of many mailboxes. */
const MAX_MEANT = 1_000;

const COLUMNS = `id, email_address AS "emailAddress", external_id AS "externalId"`;

/** Looks up what requests call mailboxes, in SQL. */
@Injectable()
export class MailboxReferenceStore {
  constructor(private readonly dataSource: DataSource) {}

  /** The positions (from 0) of the ids that no mailbox has. */
  async unknown(ids: readonly string[]): Promise<number[]> {
    const rows = await sql<{ position: number }>(
      this.dataSource,
      `SELECT (given.position - 1)::int AS position
       FROM unnest($1::text[]) WITH ORDINALITY AS given (id, position)
       WHERE NOT EXISTS (SELECT FROM mailboxes WHERE mailboxes.id = given.id)
       ORDER BY given.position`,
      [ids],
    );
    return rows.map(({ position }) => position);
  }

  async isErased(id: string): Promise<boolean> {
    const rows = await sql(this.dataSource, `SELECT FROM mailboxes WHERE id = $1 AND status = 'erased'`, [
      id,
    ]);
    return rows.length > 0;
  }

  /** Mailboxes by what they are known by: first those that hold their address, and the newest. */
  meant(emailAddresses: readonly string[], externalIds: readonly string[]): Promise<NamedMailbox[]> {
    return sql<NamedMailbox>(
      this.dataSource,
      `SELECT ${COLUMNS} FROM mailboxes
       WHERE email_address = ANY ($1) OR external_id = ANY ($2)
       ORDER BY holds_address DESC, id DESC LIMIT ${MAX_MEANT}`,
      [emailAddresses, externalIds],
    );
  }

  first(count: number): Promise<NamedMailbox[]> {
    return sql<NamedMailbox>(this.dataSource, `SELECT ${COLUMNS} FROM mailboxes ORDER BY id LIMIT $1`, [
      count,
    ]);
  }
}
