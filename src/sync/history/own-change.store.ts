import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { KeptData } from '../../erasure/kept-data';
import { sql, type SqlExecutor } from '../../database/sql';
import type { LabelRequest } from '../../gmail/gmail.types';
import type { OwnChange, OwnChangeState } from './own-changes';

/** A change of labels that Gmail is about to be asked for. */
export interface NewOwnChange extends LabelRequest {
  mailboxId: string;
  messageId: string;
  after: bigint;
}

/** What a mailbox's own changes are kept for at most: by then history has shown them, unless they changed nothing. */
const KEPT_FOR = '1 day';

/** Changes of labels that were asked for through the API, in SQL. */
@Injectable()
export class OwnChangeStore {
  constructor(
    private readonly dataSource: DataSource,
    kept: KeptData,
  ) {
    kept.addRows({ table: 'own_changes', where: 'mailbox_id = $1' });
  }

  /**
   * @param answeredWithinMs until whoever asks has the answer, or has given it up
   * @returns its id; undefined when the mailbox is no longer active
   */
  async ask(change: NewOwnChange, answeredWithinMs: number): Promise<string | undefined> {
    const { mailboxId, messageId, addLabelIds, removeLabelIds, after } = change;
    const [row] = await sql<{ id: string }>(
      this.dataSource,
      `WITH old AS (DELETE FROM own_changes WHERE mailbox_id = $1 AND answered_by < now() - interval '${KEPT_FOR}')
       INSERT INTO own_changes (mailbox_id, message_id, add_label_ids, remove_label_ids, after_history_id, answered_by)
       SELECT id, $2, $3::text[], $4::text[], $5::bigint, now() + $6 * interval '1 ms'
       FROM mailboxes WHERE id = $1 AND status = 'active' FOR SHARE
       RETURNING id`,
      [mailboxId, messageId, addLabelIds, removeLabelIds, after.toString(), answeredWithinMs],
    );
    return row?.id;
  }

  async done(id: string): Promise<void> {
    await sql(this.dataSource, `UPDATE own_changes SET state = 'done' WHERE id = $1`, [id]);
  }

  /** @param until where history was when the answer was given up; null when that could not be found out */
  async unknown(id: string, until: bigint | null): Promise<void> {
    await sql(
      this.dataSource,
      `UPDATE own_changes SET state = 'unknown', until_history_id = $2, answered_by = now() WHERE id = $1`,
      [id, until?.toString() ?? null],
    );
  }

  async remove(ids: string[], on: SqlExecutor = this.dataSource): Promise<void> {
    await sql(on, 'DELETE FROM own_changes WHERE id = ANY ($1::bigint[])', [ids]);
  }

  /**
   * Those of the messages that are open, in the order in which they were asked for. One whose asker is dead is unknown.
   *
   * @param readAllAt when all of history was read last: what was not found until then was never made
   */
  async open(mailboxId: string, messageIds: string[], readAllAt: Date): Promise<OwnChange[]> {
    const rows = await sql<{
      id: string;
      message_id: string;
      add_label_ids: string[];
      remove_label_ids: string[];
      after_history_id: string;
      until_history_id: string | null;
      state: OwnChangeState;
    }>(
      this.dataSource,
      `SELECT id, message_id, add_label_ids, remove_label_ids, after_history_id, until_history_id,
         CASE WHEN state = 'asked' AND answered_by < now() THEN 'unknown' ELSE state END AS state
       FROM own_changes WHERE mailbox_id = $1 AND message_id = ANY ($2)
         AND NOT (state <> 'done' AND until_history_id IS NULL AND answered_by < least($3, now()))
       ORDER BY id`,
      [mailboxId, messageIds, readAllAt],
    );
    return rows.map((row) => ({
      id: row.id,
      messageId: row.message_id,
      addLabelIds: row.add_label_ids,
      removeLabelIds: row.remove_label_ids,
      after: BigInt(row.after_history_id),
      until: row.until_history_id === null ? null : BigInt(row.until_history_id),
      state: row.state,
    }));
  }
}
