import type { TestApp } from '../test-app';

/** Longer than any unit counts. */
const MINUTE_MS = 70_000;
const SLOT_MS = 2_500;

/** A minute passes for the quota: at the local Google, in the budgets, and for who waits for them. */
export async function passMinute({ google, database: { dataSource } }: TestApp): Promise<void> {
  google.clock.advance(MINUTE_MS);
  // As if another replica had reserved units: a reservation that is under way is made again.
  await dataSource.query('UPDATE gmail_budgets SET reserved = reserved + 1, slot = slot - $1', [
    MINUTE_MS / SLOT_MS,
  ]);
  await liftWaits(dataSource);
}

/** Nobody waits any more. */
export async function liftWaits(dataSource: TestApp['database']['dataSource']): Promise<void> {
  await dataSource.query('UPDATE gmail_budgets SET not_before = NULL, reserved = reserved + 1');
  await dataSource.query(
    'UPDATE mailbox_cursors SET not_before = NULL, next_sync_at = now() WHERE not_before > now()',
  );
}

/** The minute of these mailboxes is used up. */
export async function useUp({ database: { dataSource } }: TestApp, mailboxIds: string[]): Promise<void> {
  await dataSource.query(
    `INSERT INTO gmail_budgets AS b (name, reserved, slot, units)
     SELECT unnest($1::text[]), 6000, floor(extract(epoch FROM now()) * 1000 / ${SLOT_MS}), '{6000}'
     ON CONFLICT (name) DO UPDATE SET reserved = b.reserved + 1, slot = excluded.slot, units = excluded.units`,
    [mailboxIds],
  );
}

/** Whether nothing is read of the mailbox for a while: it waits, and no replica is busy with it. */
export async function waits({ database: { dataSource } }: TestApp, mailboxId: string): Promise<boolean> {
  const [row] = await dataSource.query<[{ waits: boolean }]>(
    `SELECT claimed_by IS NULL AND not_before > now() + interval '2 seconds' AND next_sync_at >= not_before AS waits
     FROM mailbox_cursors WHERE mailbox_id = $1`,
    [mailboxId],
  );
  return row.waits;
}
