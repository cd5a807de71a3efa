import type { ModuleTables } from './module-tables';

export const EVENT_TABLES: ModuleTables = {
  create: `
    -- The log is ordered by transaction ids. What is added to them keeps the order after a restore from a dump.
    CREATE TABLE event_log_origin (xid_offset bigint NOT NULL);
    INSERT INTO event_log_origin VALUES (0);
    CREATE FUNCTION event_commit_order() RETURNS bigint LANGUAGE sql STABLE AS
      $$ SELECT pg_current_xact_id()::text::bigint + xid_offset FROM event_log_origin $$;
    CREATE FUNCTION event_commit_horizon() RETURNS bigint LANGUAGE sql STABLE AS
      $$ SELECT pg_snapshot_xmin(pg_current_snapshot())::text::bigint + xid_offset FROM event_log_origin $$;

    -- A point of the log: which appends are committed now and which are under way, as a pg_snapshot of commit orders.
    CREATE FUNCTION event_log_point() RETURNS text LANGUAGE sql STABLE AS
      $$ SELECT format('%s:%s:%s', pg_snapshot_xmin(current)::text::bigint + xid_offset,
           pg_snapshot_xmax(current)::text::bigint + xid_offset,
           (SELECT string_agg((xid::text::bigint + xid_offset)::text, ',' ORDER BY xid::text::bigint) FROM pg_snapshot_xip(current) xid))
         FROM event_log_origin, pg_current_snapshot() current $$;
    CREATE FUNCTION event_is_before(commit_order bigint, point text) RETURNS boolean LANGUAGE sql IMMUTABLE AS
      $$ SELECT pg_visible_in_snapshot(commit_order::text::xid8, point::pg_snapshot) $$;

    -- Room in the pages: a row is written again with every append, in place.
    CREATE TABLE mailbox_sequences (
      mailbox_id text CONSTRAINT mailbox_sequences_pkey PRIMARY KEY
        CONSTRAINT mailbox_sequences_mailbox_id_fkey REFERENCES mailboxes (id) ON DELETE CASCADE,
      last_sequence bigint NOT NULL
    ) WITH (fillfactor = 70);

    -- What leaves the log lies at the beginning of every index until it is vacuumed: a fifth of the log would be too much.
    -- No foreign key: an event is written from the row of its mailbox, which is never deleted.
    CREATE TABLE events (
      position bigint GENERATED ALWAYS AS IDENTITY CONSTRAINT events_pkey PRIMARY KEY,
      commit_order bigint NOT NULL,
      id text NOT NULL CONSTRAINT events_id_key UNIQUE,
      mailbox_id text,
      sequence bigint,
      type text NOT NULL,
      origin text NOT NULL,
      occurred_at timestamptz NOT NULL,
      email_address text,
      external_id text,
      message_id text,
      notification text,
      data json NOT NULL,
      bytes integer,
      CONSTRAINT events_mailbox_id_sequence_key UNIQUE (mailbox_id, sequence),
      CONSTRAINT events_origin_check CHECK (origin IN ('live', 'backfill')),
      CONSTRAINT events_mailbox_check CHECK (num_nulls(mailbox_id, sequence, email_address) IN (0, 3))
    ) WITH (
      autovacuum_vacuum_scale_factor = 0.01, autovacuum_vacuum_threshold = 5000,
      toast.autovacuum_vacuum_scale_factor = 0.01, toast.autovacuum_vacuum_threshold = 5000
    );
    CREATE UNIQUE INDEX events_commit_order_position_idx ON events (commit_order, position);
    CREATE UNIQUE INDEX events_message_added_once_idx ON events (mailbox_id, message_id)
      WHERE type = 'message.added';
    CREATE INDEX events_without_mailbox_idx ON events (commit_order, position) WHERE mailbox_id IS NULL;

    CREATE TABLE seen_messages (
      mailbox_id text NOT NULL
        CONSTRAINT seen_messages_mailbox_id_fkey REFERENCES mailboxes (id) ON DELETE CASCADE,
      message_id text NOT NULL,
      CONSTRAINT seen_messages_pkey PRIMARY KEY (mailbox_id, message_id)
    );`,

  drop: `
    DROP TABLE seen_messages, events, mailbox_sequences;
    DROP FUNCTION event_is_before, event_log_point, event_commit_horizon, event_commit_order;
    DROP TABLE event_log_origin;`,
};
