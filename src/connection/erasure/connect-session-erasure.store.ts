import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { sql } from '../../database/sql';
import { inBatches } from '../../erasure/in-batches';
import { type ErasedMailbox, KeptData } from '../../erasure/kept-data';

const BATCH = 500;

/** Deletes the connect sessions that led to a mailbox, were meant for it, or name what it was known by. */
@Injectable()
export class ConnectSessionErasureStore {
  constructor(
    private readonly dataSource: DataSource,
    kept: KeptData,
  ) {
    kept.addStep('rest', (mailbox, signal) => inBatches(signal, () => this.delete(mailbox)));
  }

  private async delete({ id, emailAddresses, externalIds, requestedAt }: ErasedMailbox): Promise<number> {
    const gone = await sql(this.dataSource, DELETE, [id, emailAddresses, externalIds, requestedAt]);
    return gone.length;
  }
}

/**
 * One that was made after the erasure was asked for is for a new mailbox, and one that has led to another mailbox is that
 * mailbox's, whatever external id they share.
 */
const DELETE = `
  DELETE FROM connect_sessions WHERE id IN (
    SELECT id FROM connect_sessions
    CROSS JOIN LATERAL (SELECT
      EXISTS (SELECT FROM jsonb_each(outcomes) outcome WHERE outcome.value ->> 'mailboxId' = $1) AS led_here,
      EXISTS (SELECT FROM jsonb_each(outcomes) outcome WHERE outcome.value ->> 'mailboxId' <> $1) AS led_elsewhere) led
    WHERE led_here OR mailbox_id = $1
      OR (created_at <= $4 AND NOT led_elsewhere AND (
        lower(login_hint) = ANY ($2) OR lower(expected_email_address) = ANY ($2) OR external_id = ANY ($3)
        OR EXISTS (SELECT FROM unnest($2::text[]) address
                   WHERE position(address in lower(redirect_url)) > 0
                      OR position(replace(address, '@', '%40') in lower(redirect_url)) > 0)))
    LIMIT ${BATCH})
  RETURNING 1`;
