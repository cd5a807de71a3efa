import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { CLAIM_SECONDS, REPLICA } from '../../background/replica';
import { sql, type SqlExecutor } from '../../database/sql';
import type { ErasedMailbox } from '../../erasure/kept-data';

/** An erasure that this replica has claimed. */
export interface ClaimedErasure extends ErasedMailbox {
  failures: number;
}

const CLAIM_ENDS = `now() + interval '${CLAIM_SECONDS} seconds'`;

/** The erasures that were asked for, in SQL. */
@Injectable()
export class ErasureQueueStore {
  constructor(private readonly dataSource: DataSource) {}

  async add(on: SqlExecutor, mailboxId: string): Promise<void> {
    await sql(on, 'INSERT INTO erasures (mailbox_id) VALUES ($1) ON CONFLICT DO NOTHING', [mailboxId]);
  }

  async isAskedFor(on: SqlExecutor, mailboxId: string): Promise<boolean> {
    const rows = await sql(on, 'SELECT 1 FROM erasures WHERE mailbox_id = $1', [mailboxId]);
    return rows.length > 0;
  }

  /** Takes what is due for this replica. A mailbox that is not disconnected yet waits until it is. */
  claim(limit: number): Promise<ClaimedErasure[]> {
    return sql<ClaimedErasure>(
      this.dataSource,
      `UPDATE erasures SET claimed_by = $1, claimed_until = ${CLAIM_ENDS}
       WHERE mailbox_id IN (
         SELECT mailbox_id FROM erasures
         WHERE due_at <= now() AND (claimed_until IS NULL OR claimed_until < now())
           AND (SELECT status FROM mailboxes WHERE id = mailbox_id) = 'disconnected'
         ORDER BY due_at LIMIT $2 FOR UPDATE SKIP LOCKED)
       RETURNING mailbox_id AS id, email_addresses AS "emailAddresses", external_ids AS "externalIds",
         created_at AS "requestedAt", failures`,
      [REPLICA, limit],
    );
  }

  async renew(running: ClaimedErasure[]): Promise<void> {
    await sql(
      this.dataSource,
      `UPDATE erasures SET claimed_until = ${CLAIM_ENDS}
       WHERE claimed_by = $1 AND claimed_until > now() AND mailbox_id = ANY ($2)`,
      [REPLICA, running.map(({ id }) => id)],
    );
  }

  /** Returns a claim for a while (ms). @param failed whether something went wrong */
  async release({ id }: ClaimedErasure, wait: number, failed: boolean): Promise<void> {
    await sql(
      this.dataSource,
      `UPDATE erasures SET claimed_by = NULL, claimed_until = NULL, due_at = now() + $3 * interval '1 ms',
         failures = CASE WHEN $4 THEN failures + 1 ELSE 0 END
       WHERE mailbox_id = $1 AND claimed_by = $2`,
      [id, REPLICA, Math.round(wait), failed],
    );
  }

  /** What the mailbox was known by, in the transaction in which it forgets it. @returns whether the claim is still ours */
  async rememberNames(
    on: SqlExecutor,
    { id, emailAddresses, externalIds }: Pick<ErasedMailbox, 'id' | 'emailAddresses' | 'externalIds'>,
  ): Promise<boolean> {
    const rows = await sql(
      on,
      `UPDATE erasures SET email_addresses = $3, external_ids = $4
       WHERE mailbox_id = $1 AND claimed_by = $2 RETURNING 1`,
      [id, REPLICA, emailAddresses, externalIds],
    );
    return rows.length > 0;
  }

  /** @returns whether the claim was still ours; otherwise nothing has changed */
  async finish(on: SqlExecutor, mailboxId: string): Promise<boolean> {
    const rows = await sql(on, 'DELETE FROM erasures WHERE mailbox_id = $1 AND claimed_by = $2 RETURNING 1', [
      mailboxId,
      REPLICA,
    ]);
    return rows.length > 0;
  }
}
