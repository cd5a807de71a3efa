import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Events leave the log after a while, and what must be known of them for ever stays. */
export class ToldMessages1790000016000 implements MigrationInterface {
  readonly name = 'ToldMessages1790000016000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE seen_messages (
        mailbox_id text NOT NULL
          CONSTRAINT seen_messages_mailbox_id_fkey REFERENCES mailboxes (id) ON DELETE CASCADE,
        message_id text NOT NULL,
        CONSTRAINT seen_messages_pkey PRIMARY KEY (mailbox_id, message_id)
      )`);
    // What left lies at the beginning of every index until it is vacuumed: a fifth of the log would be too much.
    await runner.query(`
      ALTER TABLE events SET (
        autovacuum_vacuum_scale_factor = 0.01, autovacuum_vacuum_threshold = 5000,
        toast.autovacuum_vacuum_scale_factor = 0.01, toast.autovacuum_vacuum_threshold = 5000
      )`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE events RESET (
        autovacuum_vacuum_scale_factor, autovacuum_vacuum_threshold,
        toast.autovacuum_vacuum_scale_factor, toast.autovacuum_vacuum_threshold
      )`);
    await runner.query(`DROP TABLE seen_messages`);
  }
}
