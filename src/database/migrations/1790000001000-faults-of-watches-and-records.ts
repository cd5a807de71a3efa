import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What a mailbox cursor remembers of changes that no push announced, and of records that cannot be processed. */
export class FaultsOfWatchesAndRecords1790000001000 implements MigrationInterface {
  readonly name = 'FaultsOfWatchesAndRecords1790000001000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE mailbox_cursors
        ADD COLUMN reconcile_at timestamptz,
        ADD COLUMN silent_syncs integer NOT NULL DEFAULT 0,
        ADD COLUMN attempts integer NOT NULL DEFAULT 0`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE mailbox_cursors DROP COLUMN reconcile_at, DROP COLUMN silent_syncs, DROP COLUMN attempts`);
  }
}
