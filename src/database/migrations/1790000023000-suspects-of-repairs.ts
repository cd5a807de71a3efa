import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Which message the repair of a gap was at, so that one that kills the process again and again is found out. */
export class SuspectsOfRepairs1790000023000 implements MigrationInterface {
  readonly name = 'SuspectsOfRepairs1790000023000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE mailbox_cursors
        ADD COLUMN suspect_message_id text,
        ADD COLUMN suspected integer NOT NULL DEFAULT 0`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE mailbox_cursors DROP COLUMN suspected, DROP COLUMN suspect_message_id');
  }
}
