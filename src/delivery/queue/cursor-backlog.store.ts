import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { sql } from '../../database/sql';

/** What waits at the delivery cursors of a mailbox, in SQL. */
@Injectable()
export class CursorBacklogStore {
  constructor(private readonly dataSource: DataSource) {}

  /** How many events of the mailbox the furthest behind of the endpoints that do well has yet to get. */
  async of(mailboxId: string): Promise<number> {
    const [row] = await sql<{ backlog: number }>(
      this.dataSource,
      `SELECT coalesce(max(cursor.high_watermark - cursor.sequence), 0)::int AS backlog
       FROM delivery_cursors cursor JOIN endpoints ON endpoints.id = cursor.endpoint_id AND endpoints.epoch = cursor.epoch
       WHERE cursor.mailbox_id = $1 AND status = 'enabled' AND failing_since IS NULL AND cursor.attempts = 0`,
      [mailboxId],
    );
    return row!.backlog;
  }
}
