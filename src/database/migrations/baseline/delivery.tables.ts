import { EVENT_MATCHES } from './event-matches.function';
import type { ModuleTables } from './module-tables';
import { TAKE_DELIVERY_PERMITS } from './take-delivery-permits.function';

/** That there is a taker, and the cursor had nothing left to deliver, and nobody works on it or is about to. */
const TAKEN = `(excluded.claimed_by IS NOT NULL AND cursor.epoch = excluded.epoch AND cursor.sequence >= cursor.high_watermark AND cursor.claimed_by IS NULL
          AND cursor.attempts = 0 AND cursor.attempt_started_at IS NULL AND NOT cursor.retry_requested
          AND cursor.next_attempt_at <= now())`;

/**
 * For an insert into `delivery_cursors AS cursor`: there is something to deliver, up to the new row's high watermark. A cursor with
 * nothing left to deliver moves up to there: what lies between did not pass the subscription when it was appended, and must not
 * be delivered because another one is in force now. When nobody works on such a cursor, it takes the new row's claim. It waits for
 * nothing: a time to come is one of a clock that was put back since.
 */
const RAISE = `ON CONFLICT (endpoint_id, mailbox_id) DO UPDATE SET
        high_watermark = CASE WHEN cursor.epoch < excluded.epoch THEN excluded.high_watermark
          ELSE greatest(cursor.high_watermark, excluded.high_watermark) END,
        attempts = CASE WHEN cursor.epoch < excluded.epoch THEN 0 ELSE cursor.attempts END,
        attempt_started_at = CASE WHEN cursor.epoch < excluded.epoch THEN NULL
          WHEN ${TAKEN} THEN excluded.attempt_started_at
          ELSE cursor.attempt_started_at END,
        claimed_by = CASE WHEN ${TAKEN} THEN excluded.claimed_by ELSE cursor.claimed_by END,
        claimed_until = CASE WHEN ${TAKEN} THEN excluded.claimed_until ELSE cursor.claimed_until END,
        retry_requested = cursor.retry_requested AND cursor.epoch >= excluded.epoch,
        next_attempt_at = CASE WHEN cursor.epoch < excluded.epoch THEN now()
          WHEN cursor.sequence >= cursor.high_watermark THEN least(cursor.next_attempt_at, now()) ELSE cursor.next_attempt_at END,
        replayed_sequence = CASE WHEN cursor.epoch < excluded.epoch THEN NULL ELSE cursor.replayed_sequence END,
        sequence = CASE WHEN cursor.epoch < excluded.epoch THEN excluded.sequence
          WHEN cursor.epoch = excluded.epoch AND cursor.sequence >= cursor.high_watermark AND cursor.claimed_by IS NULL
            THEN greatest(cursor.sequence, excluded.sequence)
          ELSE cursor.sequence END,
        epoch = greatest(cursor.epoch, excluded.epoch)
      WHERE cursor.epoch < excluded.epoch OR cursor.high_watermark < excluded.high_watermark`;

export const DELIVERY_TABLES: ModuleTables = {
  create: `
    CREATE TABLE endpoints (
      id text CONSTRAINT endpoints_pkey PRIMARY KEY,
      url text NOT NULL,
      event_types text[] NOT NULL,
      mailbox_ids text[] NOT NULL,
      ordering text NOT NULL,
      description text,
      headers text,
      header_names text[] NOT NULL DEFAULT '{}',
      filter json,
      rate_limit double precision,
      status text NOT NULL DEFAULT 'enabled',
      disabled_reason text,
      failing_since timestamptz,
      revision integer NOT NULL DEFAULT 1,
      epoch integer NOT NULL DEFAULT 1,
      subscribed_from text,
      created_at timestamptz NOT NULL DEFAULT now(),
      CONSTRAINT endpoints_ordering_check CHECK (ordering IN ('mailbox', 'none')),
      CONSTRAINT endpoints_status_check CHECK (status IN ('enabled', 'disabled'))
    );
    CREATE INDEX endpoints_headers_key_idx ON endpoints (split_part(headers, ':', 1));

    -- Of endpoints with a rate limit: since when permits for attempts have gathered that nobody has taken. A table of its own:
    -- written with every claim, while every append reads the endpoints.
    CREATE TABLE endpoint_permits (
      endpoint_id text CONSTRAINT endpoint_permits_pkey PRIMARY KEY
        CONSTRAINT endpoint_permits_endpoint_id_fkey REFERENCES endpoints (id) ON DELETE CASCADE,
      free_from timestamptz NOT NULL
    ) WITH (fillfactor = 50);

    CREATE TABLE endpoint_secrets (
      id bigint GENERATED ALWAYS AS IDENTITY CONSTRAINT endpoint_secrets_pkey PRIMARY KEY,
      endpoint_id text NOT NULL
        CONSTRAINT endpoint_secrets_endpoint_id_fkey REFERENCES endpoints (id) ON DELETE CASCADE,
      secret text NOT NULL,
      expires_at timestamptz,
      created_at timestamptz NOT NULL DEFAULT now()
    );
    CREATE INDEX endpoint_secrets_endpoint_id_idx ON endpoint_secrets (endpoint_id);
    CREATE INDEX endpoint_secrets_secret_key_idx ON endpoint_secrets (split_part(secret, ':', 1));

    -- What changes of an endpoint leave to be done for all of its mailboxes. It outlives an endpoint that is deleted.
    CREATE TABLE endpoint_tasks (
      id bigint GENERATED ALWAYS AS IDENTITY CONSTRAINT endpoint_tasks_pkey PRIMARY KEY,
      endpoint_id text NOT NULL,
      steps text[] NOT NULL,
      position text,
      mailbox_ids text[] NOT NULL DEFAULT '{}',
      replay jsonb,
      since double precision,
      subscribed_from text,
      unseen_before bigint,
      due_at timestamptz NOT NULL DEFAULT now(),
      created_at timestamptz NOT NULL DEFAULT now()
    );
    CREATE INDEX endpoint_tasks_endpoint_id_idx ON endpoint_tasks (endpoint_id);
    CREATE INDEX endpoint_tasks_due_at_idx ON endpoint_tasks (due_at);

    -- Cursors, deliveries and what was missed refer to their endpoint by no foreign key: a deleted one is gone at once,
    -- however many there are, and they follow in batches. Every statement begins at the endpoints.
    -- Room in the pages: a row is written again with every delivery, in place.
    CREATE TABLE delivery_cursors (
      endpoint_id text NOT NULL,
      mailbox_id text NOT NULL
        CONSTRAINT delivery_cursors_mailbox_id_fkey REFERENCES mailboxes (id) ON DELETE CASCADE,
      epoch integer NOT NULL,
      sequence bigint NOT NULL,
      high_watermark bigint NOT NULL,
      replayed_sequence bigint,
      next_attempt_at timestamptz NOT NULL DEFAULT now(),
      attempts integer NOT NULL DEFAULT 0,
      attempt_started_at timestamptz,
      retry_requested boolean NOT NULL DEFAULT false,
      claimed_by text,
      claimed_until timestamptz,
      CONSTRAINT delivery_cursors_pkey PRIMARY KEY (endpoint_id, mailbox_id)
    ) WITH (fillfactor = 70);
    CREATE INDEX delivery_cursors_due_idx ON delivery_cursors (endpoint_id, epoch, next_attempt_at)
      WHERE high_watermark - sequence > 0;
    -- Of two columns that are compared PostgreSQL expects a third of all rows; of a difference it counts how many there are.
    CREATE STATISTICS delivery_cursors_behind_stats ON (high_watermark - sequence) FROM delivery_cursors;
    CREATE INDEX delivery_cursors_mailbox_id_idx ON delivery_cursors (mailbox_id);

    -- Nor to their mailbox: mailboxes are never deleted, and a check would lock the mailbox's row with every delivery.
    -- The wide columns first: no bytes are lost between them.
    CREATE TABLE deliveries (
      created_at timestamptz NOT NULL DEFAULT now(),
      sequence bigint,
      next_attempt_at timestamptz,
      claimed_until timestamptz,
      attempt_started_at timestamptz,
      failures integer NOT NULL DEFAULT 0,
      parked boolean NOT NULL DEFAULT false,
      retry_requested boolean NOT NULL DEFAULT false,
      endpoint_id text NOT NULL,
      event_id text NOT NULL,
      mailbox_id text,
      event_type text NOT NULL,
      status text NOT NULL,
      attempts jsonb NOT NULL,
      claimed_by text,
      CONSTRAINT deliveries_pkey PRIMARY KEY (endpoint_id, event_id),
      CONSTRAINT deliveries_status_check CHECK (status IN ('pending', 'delivered', 'dead'))
    );
    CREATE INDEX deliveries_parked_idx ON deliveries (endpoint_id, next_attempt_at)
      WHERE status = 'pending' AND parked;
    CREATE INDEX deliveries_undelivered_idx ON deliveries (endpoint_id, mailbox_id) WHERE status = 'pending';
    CREATE INDEX deliveries_pending_idx ON deliveries (endpoint_id, event_id) WHERE status = 'pending';
    CREATE INDEX deliveries_dead_idx ON deliveries (endpoint_id, event_id) WHERE status = 'dead';
    -- Without the event: an entry for each mailbox, and six bytes for each of its deliveries.
    CREATE INDEX deliveries_mailbox_id_idx ON deliveries (mailbox_id);

    -- What left the log before an endpoint had it, until that is reported to the endpoint.
    CREATE TABLE missed_events (
      endpoint_id text NOT NULL,
      mailbox_id text NOT NULL
        CONSTRAINT missed_events_mailbox_id_fkey REFERENCES mailboxes (id) ON DELETE CASCADE,
      event_id text NOT NULL,
      email_address text,
      external_id text,
      count bigint NOT NULL,
      from_sequence bigint NOT NULL,
      to_sequence bigint NOT NULL,
      occurred_at timestamptz NOT NULL DEFAULT now(),
      CONSTRAINT missed_events_pkey PRIMARY KEY (endpoint_id, mailbox_id)
    );

    ${EVENT_MATCHES}
    ${TAKE_DELIVERY_PERMITS}

    -- Where the cursor of a mailbox begins for which nothing was to be delivered so far: before "first", the first one to
    -- deliver. While appends may be under way that have not seen the subscription, after the last event before the point
    -- from which it holds: nobody has raised a cursor for theirs.
    CREATE FUNCTION delivery_cursor_start(mailbox text, first bigint, subscribed_from text) RETURNS bigint LANGUAGE plpgsql STABLE AS $$
    BEGIN
      IF subscribed_from IS NULL THEN RETURN first - 1; END IF;
      RETURN coalesce(
        (SELECT sequence FROM events WHERE mailbox_id = mailbox AND sequence < first
           AND event_is_before(commit_order, subscribed_from) ORDER BY sequence DESC LIMIT 1),
        (SELECT min(sequence) - 1 FROM events WHERE mailbox_id = mailbox), 0);
    END $$;

    -- There is something to deliver to the endpoint: from "first" to "last".
    CREATE FUNCTION raise_delivery_cursor(endpoint text, its_epoch integer, subscribed_from text, mailbox text, first bigint, last bigint)
    RETURNS void LANGUAGE plpgsql VOLATILE AS $$
    BEGIN
      INSERT INTO delivery_cursors AS cursor (endpoint_id, mailbox_id, epoch, sequence, high_watermark)
      VALUES (endpoint, mailbox, its_epoch, delivery_cursor_start(mailbox, first, subscribed_from), last)
      ${RAISE};
    END $$;

    -- Part of each append: raises the cursor of each endpoint that subscribes to the events. The taker, if there is one,
    -- knows these endpoints at these revisions. Where nobody works on the cursor, it claims it for so many seconds and begins
    -- an attempt. Gives the endpoints that it has taken, the sequences after which it delivers, and how many others have something
    -- to deliver now and are claimed by nobody: who holds a cursor sees that there is more.
    CREATE FUNCTION raise_delivery_cursors(mailbox text, first bigint, last bigint, types text[],
      taker text, seconds double precision, known_ids text[], known_revisions integer[],
      OUT taken text[], OUT taken_after bigint[], OUT waiting integer) LANGUAGE plpgsql VOLATILE AS $$
    DECLARE
      began timestamptz := clock_timestamp();
    BEGIN
      WITH raised AS (
        INSERT INTO delivery_cursors AS cursor (endpoint_id, mailbox_id, epoch, sequence, high_watermark,
          claimed_by, claimed_until, attempt_started_at)
        SELECT id, mailbox, epoch, delivery_cursor_start(mailbox, first, subscribed_from), last,
          CASE WHEN is_known THEN taker END, CASE WHEN is_known THEN began + seconds * interval '1 s' END, CASE WHEN is_known THEN began END
        FROM endpoints CROSS JOIN LATERAL (
          SELECT taker IS NOT NULL AND status = 'enabled' AND failing_since IS NULL
            AND revision = known_revisions[array_position(known_ids, id)] AS is_known) known
        WHERE (cardinality(mailbox_ids) = 0 OR mailbox = ANY (mailbox_ids))
          AND (cardinality(event_types) = 0 OR event_types && types)
        ORDER BY id
        ${RAISE}
        RETURNING endpoint_id, cursor.claimed_by IS NULL AND cursor.next_attempt_at <= now() AS is_due,
          CASE WHEN cursor.claimed_by = taker AND cursor.attempt_started_at = began THEN cursor.sequence END AS after)
      SELECT array_agg(endpoint_id ORDER BY endpoint_id) FILTER (WHERE after IS NOT NULL),
        array_agg(after ORDER BY endpoint_id) FILTER (WHERE after IS NOT NULL),
        count(*) FILTER (WHERE is_due AND (SELECT status FROM endpoints WHERE id = endpoint_id) = 'enabled')
      INTO taken, taken_after, waiting FROM raised;
    END $$;`,

  drop: `
    DROP FUNCTION raise_delivery_cursors, raise_delivery_cursor, delivery_cursor_start;
    DROP FUNCTION return_delivery_permit, take_delivery_permits, delivery_permit_gap;
    DROP FUNCTION event_id_passes, event_passes, event_matches, event_value_compares;
    DROP TABLE missed_events, deliveries, delivery_cursors, endpoint_tasks, endpoint_permits, endpoint_secrets, endpoints;`,
};
