import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What a mailbox holds as far as the log has told it, to compare with when Gmail's history has expired. Sync's. */
export class MailboxSnapshots1790000002000 implements MigrationInterface {
  readonly name = 'MailboxSnapshots1790000002000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE mailbox_snapshots (
        id integer GENERATED ALWAYS AS IDENTITY CONSTRAINT mailbox_snapshots_pkey PRIMARY KEY,
        mailbox_id text NOT NULL CONSTRAINT mailbox_snapshots_mailbox_id_key UNIQUE
          CONSTRAINT mailbox_snapshots_mailbox_id_fkey REFERENCES mailboxes (id) ON DELETE CASCADE,
        label_ids text[] NOT NULL,
        label_filter_behavior text NOT NULL,
        state text NOT NULL DEFAULT 'building',
        labels text[] NOT NULL DEFAULT '{}',
        recovered json,
        build_at timestamptz DEFAULT now(),
        failures integer NOT NULL DEFAULT 0,
        claimed_by text,
        claimed_until timestamptz,
        CONSTRAINT mailbox_snapshots_state_check CHECK (state IN ('building', 'ready', 'unsupported'))
      )`);
    await runner.query(
      `CREATE INDEX mailbox_snapshots_build_at_idx ON mailbox_snapshots (build_at) WHERE build_at IS NOT NULL`,
    );
    // The wide columns first, and a number for the mailbox: every byte here is paid for by the message.
    await runner.query(`
      CREATE TABLE snapshot_messages (
        message_id bigint NOT NULL,
        thread_id bigint,
        snapshot_id integer NOT NULL
          CONSTRAINT snapshot_messages_snapshot_id_fkey REFERENCES mailbox_snapshots (id) ON DELETE CASCADE,
        labels smallint[],
        CONSTRAINT snapshot_messages_pkey PRIMARY KEY (snapshot_id, message_id)
      )`);
    await runner.query(`
      INSERT INTO mailbox_snapshots (mailbox_id, label_ids, label_filter_behavior)
      SELECT mailbox_id, label_ids, label_filter_behavior FROM mailbox_cursors WHERE history_id IS NOT NULL`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`DROP TABLE snapshot_messages, mailbox_snapshots`);
  }
}
