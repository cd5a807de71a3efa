import { randomUUID } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { CLAIM_SECONDS } from '../../background/replica';
import { sql } from '../../database/sql';
import type { KeptResponse, KeyedRequest } from './idempotency.types';

/** For how long answers are kept, in SQL. */
const KEPT = `interval '24 hours'`;

/** What is in the table about a key; `status` is null while it is being done. */
export interface IdempotencyRow {
  id: string;
  fingerprint: Buffer;
  status: number | null;
  contentType: string | null;
  body: string | null;
}

/** Idempotency keys in SQL. */
@Injectable()
export class IdempotencyStore {
  /** A condition: rows that still count. */
  static readonly LIVE = `created_at > now() - ${KEPT}`;

  constructor(private readonly dataSource: DataSource) {}

  /**
   * Claims the key if it is new, or a day old, or if the process that was doing the same request is dead.
   *
   * @returns the claim; undefined when somebody else has the key
   */
  async claim({ callerId, key, fingerprint, mailboxId }: KeyedRequest): Promise<string | undefined> {
    const [row] = await sql<{ id: string }>(
      this.dataSource,
      `INSERT INTO idempotency_keys AS known (id, caller_id, key, fingerprint, claimed_until, mailbox_id)
       VALUES ($1, $2, $3, $4, now() + $5 * interval '1 second', $6)
       ON CONFLICT (caller_id, key) DO UPDATE
         SET id = excluded.id, fingerprint = excluded.fingerprint, claimed_until = excluded.claimed_until,
             mailbox_id = excluded.mailbox_id, status = NULL, content_type = NULL, body = NULL, created_at = now()
         WHERE known.created_at <= now() - ${KEPT}
            OR known.status IS NULL AND known.claimed_until < now() AND known.fingerprint = excluded.fingerprint
       RETURNING id`,
      [randomUUID(), callerId, key, fingerprint, CLAIM_SECONDS, mailboxId],
    );
    return row?.id;
  }

  async find({ callerId, key }: KeyedRequest): Promise<IdempotencyRow | undefined> {
    const [row] = await sql<IdempotencyRow>(
      this.dataSource,
      `SELECT id, fingerprint, status, content_type AS "contentType", body
       FROM idempotency_keys WHERE caller_id = $1 AND key = $2`,
      [callerId, key],
    );
    return row;
  }

  /** Lets claims last on, except those that somebody has taken over. */
  async renew(claims: readonly string[]): Promise<void> {
    await sql(
      this.dataSource,
      `UPDATE idempotency_keys SET claimed_until = now() + $2 * interval '1 second'
       WHERE id = ANY ($1) AND status IS NULL`,
      [claims, CLAIM_SECONDS],
    );
  }

  /** Keeps the answer, unless somebody has taken the claim over. @param answer its body encrypted */
  async keep(claim: string, { status, contentType, body }: KeptResponse): Promise<void> {
    await sql(
      this.dataSource,
      'UPDATE idempotency_keys SET status = $2, content_type = $3, body = $4 WHERE id = $1',
      [claim, status, contentType, body],
    );
  }

  /** The key is as new again, unless somebody has taken the claim over. */
  async release(claim: string): Promise<void> {
    await sql(this.dataSource, 'DELETE FROM idempotency_keys WHERE id = $1', [claim]);
  }

  /** @returns how many rows of more than a day ago have left, at most so many */
  async sweep(limit: number): Promise<number> {
    const rows = await sql(
      this.dataSource,
      `DELETE FROM idempotency_keys WHERE id IN (
         SELECT id FROM idempotency_keys WHERE created_at <= now() - ${KEPT}
         ORDER BY created_at LIMIT $1 FOR UPDATE SKIP LOCKED)
       RETURNING id`,
      [limit],
    );
    return rows.length;
  }
}
