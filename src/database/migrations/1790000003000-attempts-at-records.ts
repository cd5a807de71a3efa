import type { MigrationInterface, QueryRunner } from 'typeorm';

/** How often the records after a mailbox's cursor were attempted: counted before each attempt, lest one kills unseen. */
export class AttemptsAtRecords1790000003000 implements MigrationInterface {
  readonly name = 'AttemptsAtRecords1790000003000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE mailbox_cursors ADD COLUMN attempts integer NOT NULL DEFAULT 0');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE mailbox_cursors DROP COLUMN attempts');
  }
}
