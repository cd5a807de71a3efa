import type { ModuleTables } from './module-tables';

export const SYNC_TABLES: ModuleTables = {
  create: `
    -- Room in the pages: a row is written again with every notification, in place.
    CREATE TABLE mailbox_cursors (
      mailbox_id text CONSTRAINT mailbox_cursors_pkey PRIMARY KEY
        CONSTRAINT mailbox_cursors_mailbox_id_fkey REFERENCES mailboxes (id) ON DELETE CASCADE,
      history_id bigint,
      started_at timestamptz,
      notified_history_id bigint,
      last_notification_at timestamptz,
      notifications text[] NOT NULL DEFAULT '{}',
      last_sync_at timestamptz,
      last_error json,
      label_ids text[] NOT NULL DEFAULT '{}',
      label_filter_behavior text NOT NULL DEFAULT 'include',
      reconcile_until timestamptz,
      reconcile_at timestamptz,
      silent_syncs integer NOT NULL DEFAULT 0,
      address_check_requested boolean NOT NULL DEFAULT false,
      next_sync_at timestamptz,
      not_before timestamptz,
      request_count bigint NOT NULL DEFAULT 0,
      paused boolean NOT NULL DEFAULT false,
      failures integer NOT NULL DEFAULT 0,
      attempts integer NOT NULL DEFAULT 0,
      suspect_message_id text,
      suspected integer NOT NULL DEFAULT 0,
      behind_since timestamptz,
      gap_found_at timestamptz,
      claimed_by text,
      claimed_until timestamptz
    ) WITH (fillfactor = 70);
    -- One for each kind of sync: however many of one kind wait, the next of another is found at once.
    CREATE INDEX mailbox_cursors_news_idx ON mailbox_cursors (next_sync_at)
      WHERE next_sync_at IS DISTINCT FROM reconcile_at AND gap_found_at IS NULL;
    CREATE INDEX mailbox_cursors_reconcile_idx ON mailbox_cursors (next_sync_at)
      WHERE next_sync_at = reconcile_at AND gap_found_at IS NULL;
    CREATE INDEX mailbox_cursors_silent_idx ON mailbox_cursors (mailbox_id) WHERE silent_syncs >= 2 AND NOT paused;
    CREATE INDEX mailbox_cursors_repair_idx ON mailbox_cursors (gap_found_at) WHERE gap_found_at IS NOT NULL;

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
      attempts integer NOT NULL DEFAULT 0,
      listing integer NOT NULL DEFAULT 0,
      claimed_by text,
      claimed_until timestamptz,
      CONSTRAINT mailbox_snapshots_state_check CHECK (state IN ('building', 'ready', 'unsupported'))
    );
    CREATE INDEX mailbox_snapshots_build_at_idx ON mailbox_snapshots (build_at) WHERE build_at IS NOT NULL;

    -- The wide columns first, and a number for the mailbox: every byte here is paid for by the message.
    CREATE TABLE snapshot_messages (
      message_id bigint NOT NULL,
      thread_id bigint,
      snapshot_id integer NOT NULL
        CONSTRAINT snapshot_messages_snapshot_id_fkey REFERENCES mailbox_snapshots (id) ON DELETE CASCADE,
      labels smallint[],
      CONSTRAINT snapshot_messages_pkey PRIMARY KEY (snapshot_id, message_id)
    );

    -- Room in the pages: a row is written again for each of its labels, in place.
    CREATE TABLE listed_messages (
      message_id bigint NOT NULL,
      thread_id bigint,
      snapshot_id integer NOT NULL
        CONSTRAINT listed_messages_snapshot_id_fkey REFERENCES mailbox_snapshots (id) ON DELETE CASCADE,
      listing integer NOT NULL,
      labels smallint[],
      touched boolean NOT NULL DEFAULT false,
      CONSTRAINT listed_messages_pkey PRIMARY KEY (snapshot_id, listing, message_id)
    ) WITH (fillfactor = 50);

    -- What was asked for of the time before a mailbox was connected, until it is reported. One at a time for a mailbox.
    CREATE TABLE backfills (
      mailbox_id text CONSTRAINT backfills_pkey PRIMARY KEY
        CONSTRAINT backfills_mailbox_id_fkey REFERENCES mailboxes (id) ON DELETE CASCADE,
      since timestamptz NOT NULL,
      until timestamptz,
      position timestamptz,
      recovered bigint NOT NULL DEFAULT 0,
      failures integer NOT NULL DEFAULT 0,
      attempts integer NOT NULL DEFAULT 0,
      suspect_message_id text,
      suspected integer NOT NULL DEFAULT 0,
      last_error json,
      due_at timestamptz NOT NULL DEFAULT now(),
      claimed_by text,
      claimed_until timestamptz,
      created_at timestamptz NOT NULL DEFAULT now()
    );
    CREATE INDEX backfills_due_at_idx ON backfills (due_at);

    CREATE TABLE own_changes (
      id bigint GENERATED ALWAYS AS IDENTITY CONSTRAINT own_changes_pkey PRIMARY KEY,
      mailbox_id text NOT NULL
        CONSTRAINT own_changes_mailbox_id_fkey REFERENCES mailboxes (id) ON DELETE CASCADE,
      message_id text NOT NULL,
      add_label_ids text[] NOT NULL,
      remove_label_ids text[] NOT NULL,
      after_history_id bigint NOT NULL,
      until_history_id bigint,
      state text NOT NULL DEFAULT 'asked',
      answered_by timestamptz NOT NULL,
      CONSTRAINT own_changes_state_check CHECK (state IN ('asked', 'done', 'unknown'))
    );
    CREATE INDEX own_changes_message_idx ON own_changes (mailbox_id, message_id);`,

  drop: `DROP TABLE own_changes, backfills, listed_messages, snapshot_messages, mailbox_snapshots, mailbox_cursors;`,
};
