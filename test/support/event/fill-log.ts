import type { DataSource } from 'typeorm';
import type { TestMailbox } from '../test-replica';

const BATCH_SIZE = 20_000;

/** Fills the log with so many events of a mailbox. Their ids are `evt_` and their sequence, in 26 digits. */
export async function fillLog(dataSource: DataSource, mailbox: TestMailbox, count: number): Promise<void> {
  for (let first = 1; first <= count; first += BATCH_SIZE)
    await dataSource.query(
      `INSERT INTO events (commit_order, id, mailbox_id, sequence, type, origin, occurred_at, email_address, data, bytes)
       SELECT event_commit_order(), 'evt_' || lpad(n::text, 26, '0'), $1, n, 'message.deleted', 'live', now(), $2,
         json_build_object('n', n, 'text', repeat('x', 200)), 220
       FROM generate_series($3::int, $4::int) n`,
      [mailbox.id, mailbox.emailAddress, first, Math.min(count, first + BATCH_SIZE - 1)],
    );
  await dataSource.query('INSERT INTO mailbox_sequences (mailbox_id, last_sequence) VALUES ($1, $2)', [
    mailbox.id,
    count,
  ]);
  await dataSource.query('ANALYZE events');
}

/** The id of the event with this sequence. */
export const filledId = (sequence: number): string => `evt_${String(sequence).padStart(26, '0')}`;
