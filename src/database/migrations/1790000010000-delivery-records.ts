import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Events that belong to no mailbox; deliveries named by endpoint and event alone, with their attempts appended to; and
 * since when an endpoint fails.
 */
export class DeliveryRecords1790000010000 implements MigrationInterface {
  readonly name = 'DeliveryRecords1790000010000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE events
        ALTER COLUMN mailbox_id DROP NOT NULL,
        ALTER COLUMN sequence DROP NOT NULL,
        ALTER COLUMN email_address DROP NOT NULL,
        ADD CONSTRAINT events_mailbox_check CHECK (num_nulls(mailbox_id, sequence, email_address) IN (0, 3))`);
    await runner.query(`
      CREATE INDEX events_without_mailbox_idx ON events (commit_order, position) WHERE mailbox_id IS NULL`);
    await runner.query(`ALTER TABLE endpoints ADD COLUMN failing_since timestamptz`);
    await runner.query(`
      ALTER TABLE deliveries
        DROP COLUMN id,
        DROP CONSTRAINT deliveries_endpoint_id_event_id_key,
        ADD CONSTRAINT deliveries_pkey PRIMARY KEY (endpoint_id, event_id),
        ALTER COLUMN mailbox_id DROP NOT NULL,
        ALTER COLUMN sequence DROP NOT NULL,
        ALTER COLUMN attempts TYPE jsonb USING attempts::jsonb,
        ADD COLUMN failures integer NOT NULL DEFAULT 0`);
    await runner.query(
      `UPDATE deliveries SET failures = jsonb_array_length(attempts) WHERE status = 'pending'`,
    );
    await runner.query(`CREATE INDEX deliveries_mailbox_id_idx ON deliveries (mailbox_id, event_id)`);
    await runner.query(
      `CREATE INDEX deliveries_dead_idx ON deliveries (endpoint_id, event_id) WHERE status = 'dead'`,
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DELETE FROM deliveries WHERE mailbox_id IS NULL');
    await runner.query('DELETE FROM events WHERE mailbox_id IS NULL');
    await runner.query(
      'DROP INDEX deliveries_dead_idx, deliveries_mailbox_id_idx, events_without_mailbox_idx',
    );
    await runner.query(`ALTER TABLE deliveries ADD COLUMN id text, DROP CONSTRAINT deliveries_pkey`);
    await runner.query(`UPDATE deliveries SET id = 'dlv_' || right(event_id, 26) || right(endpoint_id, 26)`);
    await runner.query(`
      ALTER TABLE deliveries
        ADD CONSTRAINT deliveries_pkey PRIMARY KEY (id),
        ADD CONSTRAINT deliveries_endpoint_id_event_id_key UNIQUE (endpoint_id, event_id),
        ALTER COLUMN mailbox_id SET NOT NULL,
        ALTER COLUMN sequence SET NOT NULL,
        ALTER COLUMN attempts TYPE json USING attempts::json,
        DROP COLUMN failures`);
    await runner.query('ALTER TABLE endpoints DROP COLUMN failing_since');
    await runner.query(`
      ALTER TABLE events
        DROP CONSTRAINT events_mailbox_check,
        ALTER COLUMN mailbox_id SET NOT NULL,
        ALTER COLUMN sequence SET NOT NULL,
        ALTER COLUMN email_address SET NOT NULL`);
  }
}
