import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What a verdict about a grant is held against before it counts, and when the owner consented. */
export class VersionsOfGrants1790000012000 implements MigrationInterface {
  readonly name = 'VersionsOfGrants1790000012000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE mailboxes ADD COLUMN revision integer NOT NULL DEFAULT 1');
    // When the owners of the grants that are there consented is not known.
    await runner.query(`
      ALTER TABLE grants
        ADD COLUMN version text NOT NULL DEFAULT '',
        ADD COLUMN granted_at timestamptz`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE grants DROP COLUMN version, DROP COLUMN granted_at');
    await runner.query('ALTER TABLE mailboxes DROP COLUMN revision');
  }
}
