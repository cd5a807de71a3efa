import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Which notification led to what: for metrics, logs and traces. Nothing is decided by it. */
export class MarksOfNotifications1790000022000 implements MigrationInterface {
  readonly name = 'MarksOfNotifications1790000022000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`ALTER TABLE mailbox_cursors ADD COLUMN notifications text[] NOT NULL DEFAULT '{}'`);
    await runner.query('ALTER TABLE events ADD COLUMN notification text');
    await runner.query('ALTER TABLE delivery_cursors ADD COLUMN replayed_sequence bigint');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE delivery_cursors DROP COLUMN replayed_sequence');
    await runner.query('ALTER TABLE events DROP COLUMN notification');
    await runner.query('ALTER TABLE mailbox_cursors DROP COLUMN notifications');
  }
}
