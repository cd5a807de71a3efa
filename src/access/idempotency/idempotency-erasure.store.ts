import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { sql } from '../../database/sql';

/** Few: each is decrypted, in the process that answers requests. */
const BATCH = 200;

/** A kept answer; its body is encrypted. */
export interface KeptAnswer {
  id: string;
  key: string;
  body: string | null;
}

/** Finds and deletes kept answers, in SQL. */
@Injectable()
export class IdempotencyErasureStore {
  constructor(private readonly dataSource: DataSource) {}

  /** Those to requests about the mailbox; what is being answered is not kept then. */
  async deleteOf(mailboxId: string): Promise<void> {
    await sql(this.dataSource, 'DELETE FROM idempotency_keys WHERE mailbox_id = $1', [mailboxId]);
  }

  async delete(ids: string[]): Promise<void> {
    await sql(this.dataSource, 'DELETE FROM idempotency_keys WHERE id = ANY ($1)', [ids]);
  }

  /** Answered ones, in the order of their ids. @param id the last of the batch before */
  after(id: string | undefined): Promise<KeptAnswer[]> {
    return sql<KeptAnswer>(
      this.dataSource,
      `SELECT id, key, body FROM idempotency_keys WHERE ($1::uuid IS NULL OR id > $1) AND status IS NOT NULL
       ORDER BY id LIMIT ${BATCH}`,
      [id ?? null],
    );
  }
}
