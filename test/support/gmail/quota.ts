import type { TestApp } from '../test-app';

/** Longer than any unit counts. */
const MINUTE = 70_000;
const SLOT = 2_500;

/** A minute passes for the quota: at the local Google, in the budgets, and for who waits for them. */
export async function passMinute({ google, database: { dataSource } }: TestApp): Promise<void> {
  google.clock.advance(MINUTE);
  // As if somebody else had drawn: what is being drawn right now is drawn again.
  await dataSource.query('UPDATE gmail_budgets SET drawn = drawn + 1, slot = slot - $1', [MINUTE / SLOT]);
  await liftWaits(dataSource);
}

/** Nobody waits any more. */
export async function liftWaits(dataSource: TestApp['database']['dataSource']): Promise<void> {
  await dataSource.query('UPDATE gmail_budgets SET not_before = NULL, drawn = drawn + 1');
  await dataSource.query(
    'UPDATE mailbox_cursors SET not_before = NULL, next_sync_at = now() WHERE not_before > now()',
  );
}

/** The minute of these mailboxes is used up. */
export async function useUp({ database: { dataSource } }: TestApp, mailboxIds: string[]): Promise<void> {
  await dataSource.query(
    `INSERT INTO gmail_budgets AS b (name, drawn, slot, units)
     SELECT unnest($1::text[]), 6000, floor(extract(epoch FROM now()) * 1000 / ${SLOT}), '{6000}'
     ON CONFLICT (name) DO UPDATE SET drawn = b.drawn + 1, slot = excluded.slot, units = excluded.units`,
    [mailboxIds],
  );
}

/** Whether nothing is read of the mailbox for a while: it waits, and no replica is busy with it. */
export async function waits({ database: { dataSource } }: TestApp, mailboxId: string): Promise<boolean> {
  const [row] = await dataSource.query(
    `SELECT claimed_by IS NULL AND not_before > now() + interval '2 seconds' AND next_sync_at >= not_before AS waits
     FROM mailbox_cursors WHERE mailbox_id = $1`,
    [mailboxId],
  );
  return row.waits === true;
}
