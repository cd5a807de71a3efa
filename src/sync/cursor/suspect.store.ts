import { REPLICA } from '../../background/replica';
import { sql, type SqlExecutor } from '../../database/sql';

/** As `ReadingRun.suspect`. @param table whose row the run has claimed */
export async function suspectMessage(
  on: SqlExecutor,
  table: 'backfills' | 'mailbox_cursors',
  mailboxId: string,
  messageId: string,
): Promise<number> {
  const [row] = await sql<{ suspected: number }>(
    on,
    `UPDATE ${table} SET suspect_message_id = $3,
       suspected = CASE WHEN suspect_message_id = $3 THEN suspected + 1 ELSE 1 END
     WHERE mailbox_id = $1 AND claimed_by = $2 RETURNING suspected`,
    [mailboxId, REPLICA, messageId],
  );
  return row?.suspected ?? 1;
}
