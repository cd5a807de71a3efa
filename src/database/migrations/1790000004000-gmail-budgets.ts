import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What was spent of Google's quota lately, by mailbox and by the project, and the waits that Google asked for. Gmail's. */
export class GmailBudgets1790000004000 implements MigrationInterface {
  readonly name = 'GmailBudgets1790000004000';

  async up(runner: QueryRunner): Promise<void> {
    // Room in the pages: a row is written again every few seconds, in place.
    await runner.query(`
      CREATE TABLE gmail_budgets (
        name text CONSTRAINT gmail_budgets_pkey PRIMARY KEY,
        drawn bigint NOT NULL DEFAULT 0,
        slot bigint NOT NULL DEFAULT 0,
        units integer[] NOT NULL DEFAULT '{}',
        not_before timestamptz,
        refusals integer NOT NULL DEFAULT 0
      ) WITH (fillfactor = 50)`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE gmail_budgets');
  }
}
