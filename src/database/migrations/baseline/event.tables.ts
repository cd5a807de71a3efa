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
    -- The wide columns first: no bytes are lost between them.
    CREATE TABLE events (
      position bigint GENERATED ALWAYS AS IDENTITY,
      commit_order bigint NOT NULL,
      sequence bigint,
      occurred_at timestamptz NOT NULL,
      bytes integer,
      id text NOT NULL CONSTRAINT events_id_key UNIQUE,
      mailbox_id text,
      type text NOT NULL,
      origin text NOT NULL,
      email_address text,
      external_id text,
      message_id text,
      notification text,
      data json NOT NULL,
      CONSTRAINT events_pkey PRIMARY KEY (commit_order, position),
      CONSTRAINT events_mailbox_id_sequence_key UNIQUE (mailbox_id, sequence),
      CONSTRAINT events_origin_check CHECK (origin IN ('live', 'backfill')),
      CONSTRAINT events_mailbox_check CHECK (num_nulls(mailbox_id, sequence) IN (0, 2) AND (mailbox_id IS NOT NULL OR email_address IS NULL))
    ) WITH (
      autovacuum_vacuum_scale_factor = 0.01, autovacuum_vacuum_threshold = 5000,
      toast.autovacuum_vacuum_scale_factor = 0.01, toast.autovacuum_vacuum_threshold = 5000
    );
    -- Ids of messages ascend with time, so that its pages fill one after the other.
    CREATE UNIQUE INDEX events_message_added_once_idx ON events (message_id, mailbox_id)
      WHERE type = 'message.added';
    -- Of all types but those of messages, which are nearly the whole log: whoever filters for what is rare finds it at once.
    CREATE INDEX events_rare_type_idx ON events (type, commit_order, position) WHERE type NOT LIKE 'message.%';
    CREATE INDEX events_without_mailbox_idx ON events (commit_order, position) WHERE mailbox_id IS NULL;

    -- From which place in the log's order on the events of a time lie: 30 steps, or so, of half of what is left. Nearly: the
    -- times of events do not quite follow that order.
    CREATE FUNCTION event_order_at(at timestamptz) RETURNS bigint LANGUAGE plpgsql STABLE STRICT AS $$
    DECLARE
      low bigint := (SELECT min(commit_order) FROM events);
      high bigint := (SELECT max(commit_order) + 1 FROM events);
      middle bigint;
      found record;
    BEGIN
      WHILE low < high LOOP
        middle := low + (high - low) / 2;
        SELECT commit_order, occurred_at INTO found FROM events WHERE commit_order >= middle
          ORDER BY commit_order, position LIMIT 1;
        IF found.commit_order IS NULL OR found.occurred_at >= at THEN high := middle;
        ELSE low := found.commit_order + 1; END IF;
      END LOOP;
      RETURN coalesce(low, 0);
    END $$;

    CREATE TABLE seen_messages (
      mailbox_id text NOT NULL
        CONSTRAINT seen_messages_mailbox_id_fkey REFERENCES mailboxes (id) ON DELETE CASCADE,
      message_id text NOT NULL,
      CONSTRAINT seen_messages_pkey PRIMARY KEY (mailbox_id, message_id)
    );

    -- Keeps the appends of one mailbox apart until the end of the transaction. To be taken before the transaction writes
    -- anything and so gets its id: the order of a mailbox's events is then that of the transactions' ids.
    CREATE FUNCTION append_lock(mailbox_id text) RETURNS boolean LANGUAGE sql VOLATILE AS
      $$ SELECT pg_advisory_xact_lock(6926, hashtext(mailbox_id)) IS NOT NULL $$;
    -- The same without a wait. Gives whether it was free.
    CREATE FUNCTION try_append_lock(mailbox_id text) RETURNS boolean LANGUAGE sql VOLATILE AS
      $$ SELECT pg_try_advisory_xact_lock(6926, hashtext(mailbox_id)) $$;

    -- Appends events of one mailbox in their order, with the address that it has now. A message is added once, whatever
    -- backfills and reconnections bring up again; also within one batch. Gives the sequences of those that were new, and
    -- which these are, from 1; and what raise_delivery_cursors gives of the taker, if there is one. Every statement finds its
    -- rows by keys: nothing is gained by planning it for the values. Whether a message is known is asked for each one, by its
    -- whole key: as a join (NOT EXISTS) it was planned to read all events of the mailbox.
    CREATE FUNCTION append_events(
      of_mailbox text, ids text[], types text[], origins text[], message_ids text[], datas text[], notifications text[],
      taker text, seconds double precision, known_endpoints text[], known_revisions integer[],
      OUT first_sequence bigint, OUT fresh integer[], OUT appended_at timestamptz[], OUT its_address text, OUT its_external_id text,
      OUT taken text[], OUT taken_after bigint[], OUT waiting integer
    ) LANGUAGE plpgsql VOLATILE SET plan_cache_mode = force_generic_plan AS $$
      DECLARE
        its_order bigint;
      BEGIN
        fresh := ARRAY(
          SELECT place FROM (
            SELECT place, type, message_id, row_number() OVER (PARTITION BY type, message_id ORDER BY place) AS occurrence
            FROM unnest(types, message_ids) WITH ORDINALITY AS new (type, message_id, place)) new
          WHERE type <> 'message.added' OR (occurrence = 1
            AND (SELECT true FROM events WHERE events.mailbox_id = of_mailbox
              AND events.message_id = new.message_id AND events.type = 'message.added') IS NULL
            AND (SELECT true FROM seen_messages seen WHERE seen.mailbox_id = of_mailbox
              AND seen.message_id = new.message_id) IS NULL)
          ORDER BY place);
        waiting := 0;
        IF cardinality(fresh) = 0 THEN RETURN; END IF;
        INSERT INTO mailbox_sequences AS last (mailbox_id, last_sequence) VALUES (of_mailbox, cardinality(fresh))
          ON CONFLICT (mailbox_id) DO UPDATE SET last_sequence = last.last_sequence + excluded.last_sequence
          RETURNING last_sequence - cardinality(fresh) + 1 INTO first_sequence;
        its_order := event_commit_order();
        appended_at := ARRAY(SELECT clock_timestamp() FROM unnest(fresh));
        SELECT email_address, external_id INTO STRICT its_address, its_external_id FROM mailboxes WHERE id = of_mailbox;
        INSERT INTO events (commit_order, id, mailbox_id, sequence, type, origin, occurred_at, email_address, external_id,
                            message_id, data, bytes, notification)
        SELECT its_order, ids[place], of_mailbox, first_sequence + number - 1, types[place], origins[place],
          appended_at[number], its_address, its_external_id, message_ids[place], datas[place]::json, octet_length(datas[place]),
          notifications[place]
        FROM unnest(fresh) WITH ORDINALITY AS new (place, number)
        ORDER BY number;
        SELECT raised.* INTO taken, taken_after, waiting
        FROM raise_delivery_cursors(of_mailbox, first_sequence, first_sequence + cardinality(fresh) - 1,
          ARRAY(SELECT DISTINCT types[place] FROM unnest(fresh) place), taker, seconds, known_endpoints, known_revisions) raised;
      END $$;`,

  drop: `
    DROP FUNCTION event_order_at, append_events, try_append_lock, append_lock;
    DROP TABLE seen_messages, events, mailbox_sequences;
    DROP FUNCTION event_is_before, event_log_point, event_commit_horizon, event_commit_order;
    DROP TABLE event_log_origin;`,
};
