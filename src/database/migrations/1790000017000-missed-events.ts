import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What left the log before an endpoint had it, for as long as the endpoint has not been told. Delivery's. */
export class MissedEvents1790000017000 implements MigrationInterface {
  readonly name = 'MissedEvents1790000017000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE missed_events (
        endpoint_id text NOT NULL
          CONSTRAINT missed_events_endpoint_id_fkey REFERENCES endpoints (id) ON DELETE CASCADE,
        mailbox_id text NOT NULL
          CONSTRAINT missed_events_mailbox_id_fkey REFERENCES mailboxes (id) ON DELETE CASCADE,
        event_id text NOT NULL,
        email_address text NOT NULL,
        external_id text,
        count bigint NOT NULL,
        from_sequence bigint NOT NULL,
        to_sequence bigint NOT NULL,
        occurred_at timestamptz NOT NULL DEFAULT now(),
        CONSTRAINT missed_events_pkey PRIMARY KEY (endpoint_id, mailbox_id)
      )`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`DROP TABLE missed_events`);
  }
}
