import type { MigrationInterface, QueryRunner } from 'typeorm';

/** The first tables. Each belongs to the module named above it; only that module's code reads and writes it. */
export class FirstTables1790000000000 implements MigrationInterface {
  readonly name = 'FirstTables1790000000000';

  async up(runner: QueryRunner): Promise<void> {
    // mailbox
    await runner.query(`
      CREATE TABLE mailboxes (
        id text CONSTRAINT mailboxes_pkey PRIMARY KEY,
        email_address text NOT NULL CONSTRAINT mailboxes_email_address_key UNIQUE,
        external_id text,
        status text NOT NULL,
        created_at timestamptz NOT NULL DEFAULT now(),
        CONSTRAINT mailboxes_email_address_check CHECK (email_address = lower(email_address)),
        CONSTRAINT mailboxes_status_check
          CHECK (status IN ('active', 'reauthorization_required', 'disconnecting', 'disconnected'))
      )`);
    await runner.query(`CREATE INDEX mailboxes_external_id_idx ON mailboxes (external_id)`);

    // auth
    await runner.query(`
      CREATE TABLE grants (
        mailbox_id text CONSTRAINT grants_pkey PRIMARY KEY
          CONSTRAINT grants_mailbox_id_fkey REFERENCES mailboxes (id) ON DELETE CASCADE,
        scopes text[] NOT NULL,
        refresh_token text NOT NULL,
        access_token text,
        access_token_expires_at timestamptz,
        updated_at timestamptz NOT NULL DEFAULT now()
      )`);

    // connection
    await runner.query(`
      CREATE TABLE connect_sessions (
        id text CONSTRAINT connect_sessions_pkey PRIMARY KEY,
        token_hash bytea NOT NULL CONSTRAINT connect_sessions_token_hash_key UNIQUE,
        state_hash bytea NOT NULL CONSTRAINT connect_sessions_state_hash_key UNIQUE,
        state text NOT NULL,
        code_verifier text NOT NULL,
        redirect_url text,
        external_id text,
        login_hint text,
        label_ids text[],
        label_filter_behavior text,
        expires_at timestamptz NOT NULL,
        claimed_until timestamptz,
        completed_at timestamptz,
        created_at timestamptz NOT NULL DEFAULT now()
      )`);
    await runner.query(`
      CREATE TABLE disconnects (
        mailbox_id text CONSTRAINT disconnects_pkey PRIMARY KEY
          CONSTRAINT disconnects_mailbox_id_fkey REFERENCES mailboxes (id) ON DELETE CASCADE,
        step text NOT NULL,
        failures integer NOT NULL DEFAULT 0,
        last_error json,
        due_at timestamptz NOT NULL DEFAULT now(),
        claimed_by text,
        claimed_until timestamptz,
        CONSTRAINT disconnects_step_check CHECK (step IN ('stop', 'revoke', 'erase'))
      )`);

    // watch
    await runner.query(`
      CREATE TABLE watches (
        mailbox_id text CONSTRAINT watches_pkey PRIMARY KEY
          CONSTRAINT watches_mailbox_id_fkey REFERENCES mailboxes (id) ON DELETE CASCADE,
        label_ids text[] NOT NULL,
        label_filter_behavior text NOT NULL,
        requested_at timestamptz NOT NULL DEFAULT now(),
        expires_at timestamptz,
        expiry_reported boolean NOT NULL DEFAULT false,
        stopped_at timestamptz,
        renew_at timestamptz,
        failures integer NOT NULL DEFAULT 0,
        failure_reported boolean NOT NULL DEFAULT false,
        last_error json,
        claimed_by text,
        claimed_until timestamptz,
        CONSTRAINT watches_label_filter_behavior_check CHECK (label_filter_behavior IN ('include', 'exclude'))
      )`);
    await runner.query(`CREATE INDEX watches_renew_at_idx ON watches (renew_at) WHERE stopped_at IS NULL`);
    await runner.query(
      `CREATE INDEX watches_expires_at_idx ON watches (expires_at) WHERE stopped_at IS NULL`,
    );

    // sync
    await runner.query(`
      CREATE TABLE mailbox_cursors (
        mailbox_id text CONSTRAINT mailbox_cursors_pkey PRIMARY KEY
          CONSTRAINT mailbox_cursors_mailbox_id_fkey REFERENCES mailboxes (id) ON DELETE CASCADE,
        history_id bigint,
        started_at timestamptz,
        notified_history_id bigint,
        last_notification_at timestamptz,
        last_sync_at timestamptz,
        last_error json,
        label_ids text[] NOT NULL DEFAULT '{}',
        label_filter_behavior text NOT NULL DEFAULT 'include',
        reconcile_until timestamptz,
        next_sync_at timestamptz,
        not_before timestamptz,
        request_count bigint NOT NULL DEFAULT 0,
        paused boolean NOT NULL DEFAULT false,
        failures integer NOT NULL DEFAULT 0,
        behind_since timestamptz,
        claimed_by text,
        claimed_until timestamptz
      ) WITH (fillfactor = 70)`);
    await runner.query(`
      CREATE INDEX mailbox_cursors_next_sync_at_idx ON mailbox_cursors (next_sync_at)
        WHERE next_sync_at IS NOT NULL`);

    // event
    await runner.query(`CREATE TABLE event_log_origin (xid_offset bigint NOT NULL)`);
    await runner.query(`INSERT INTO event_log_origin VALUES (0)`);
    await runner.query(`
      CREATE FUNCTION event_commit_order() RETURNS bigint LANGUAGE sql STABLE AS
        $$ SELECT pg_current_xact_id()::text::bigint + xid_offset FROM event_log_origin $$`);
    await runner.query(`
      CREATE FUNCTION event_commit_horizon() RETURNS bigint LANGUAGE sql STABLE AS
        $$ SELECT pg_snapshot_xmin(pg_current_snapshot())::text::bigint + xid_offset FROM event_log_origin $$`);
    await runner.query(`
      CREATE TABLE mailbox_sequences (
        mailbox_id text CONSTRAINT mailbox_sequences_pkey PRIMARY KEY
          CONSTRAINT mailbox_sequences_mailbox_id_fkey REFERENCES mailboxes (id) ON DELETE CASCADE,
        last_sequence bigint NOT NULL
      ) WITH (fillfactor = 70)`);
    await runner.query(`
      CREATE TABLE events (
        position bigint GENERATED ALWAYS AS IDENTITY CONSTRAINT events_pkey PRIMARY KEY,
        commit_order bigint NOT NULL,
        id text NOT NULL CONSTRAINT events_id_key UNIQUE,
        mailbox_id text NOT NULL CONSTRAINT events_mailbox_id_fkey REFERENCES mailboxes (id),
        sequence bigint NOT NULL,
        type text NOT NULL,
        origin text NOT NULL,
        occurred_at timestamptz NOT NULL,
        email_address text NOT NULL,
        external_id text,
        message_id text,
        data json NOT NULL,
        CONSTRAINT events_mailbox_id_sequence_key UNIQUE (mailbox_id, sequence),
        CONSTRAINT events_origin_check CHECK (origin IN ('live', 'backfill'))
      )`);
    await runner.query(
      `CREATE UNIQUE INDEX events_commit_order_position_idx ON events (commit_order, position)`,
    );
    await runner.query(`
      CREATE UNIQUE INDEX events_message_added_once_idx ON events (mailbox_id, message_id)
        WHERE type = 'message.added'`);

    // delivery
    await runner.query(`
      CREATE TABLE endpoints (
        id text CONSTRAINT endpoints_pkey PRIMARY KEY,
        url text NOT NULL,
        event_types text[] NOT NULL,
        mailbox_ids text[] NOT NULL,
        ordering text NOT NULL,
        description text,
        status text NOT NULL DEFAULT 'enabled',
        disabled_reason text,
        revision integer NOT NULL DEFAULT 1,
        changed_at timestamptz NOT NULL DEFAULT now(),
        created_at timestamptz NOT NULL DEFAULT now(),
        CONSTRAINT endpoints_ordering_check CHECK (ordering IN ('mailbox', 'none')),
        CONSTRAINT endpoints_status_check CHECK (status IN ('enabled', 'disabled'))
      )`);
    await runner.query(`
      CREATE TABLE endpoint_secrets (
        id bigint GENERATED ALWAYS AS IDENTITY CONSTRAINT endpoint_secrets_pkey PRIMARY KEY,
        endpoint_id text NOT NULL
          CONSTRAINT endpoint_secrets_endpoint_id_fkey REFERENCES endpoints (id) ON DELETE CASCADE,
        secret text NOT NULL,
        expires_at timestamptz,
        created_at timestamptz NOT NULL DEFAULT now()
      )`);
    await runner.query(`CREATE INDEX endpoint_secrets_endpoint_id_idx ON endpoint_secrets (endpoint_id)`);
    await runner.query(`
      CREATE TABLE delivery_cursors (
        endpoint_id text NOT NULL
          CONSTRAINT delivery_cursors_endpoint_id_fkey REFERENCES endpoints (id) ON DELETE CASCADE,
        mailbox_id text NOT NULL
          CONSTRAINT delivery_cursors_mailbox_id_fkey REFERENCES mailboxes (id) ON DELETE CASCADE,
        sequence bigint NOT NULL,
        high_watermark bigint NOT NULL,
        next_attempt_at timestamptz NOT NULL DEFAULT now(),
        attempts integer NOT NULL DEFAULT 0,
        attempt_started_at timestamptz,
        claimed_by text,
        claimed_until timestamptz,
        CONSTRAINT delivery_cursors_pkey PRIMARY KEY (endpoint_id, mailbox_id)
      ) WITH (fillfactor = 70)`);
    await runner.query(`
      CREATE INDEX delivery_cursors_due_idx ON delivery_cursors (endpoint_id, next_attempt_at)
        WHERE high_watermark > sequence`);
    await runner.query(`CREATE INDEX delivery_cursors_mailbox_id_idx ON delivery_cursors (mailbox_id)`);
    await runner.query(`
      CREATE TABLE deliveries (
        id text CONSTRAINT deliveries_pkey PRIMARY KEY,
        endpoint_id text NOT NULL
          CONSTRAINT deliveries_endpoint_id_fkey REFERENCES endpoints (id) ON DELETE CASCADE,
        mailbox_id text NOT NULL
          CONSTRAINT deliveries_mailbox_id_fkey REFERENCES mailboxes (id) ON DELETE CASCADE,
        event_id text NOT NULL,
        event_type text NOT NULL,
        sequence bigint NOT NULL,
        status text NOT NULL,
        attempts json NOT NULL,
        parked boolean NOT NULL DEFAULT false,
        next_attempt_at timestamptz,
        claimed_by text,
        claimed_until timestamptz,
        attempt_started_at timestamptz,
        created_at timestamptz NOT NULL DEFAULT now(),
        CONSTRAINT deliveries_endpoint_id_event_id_key UNIQUE (endpoint_id, event_id),
        CONSTRAINT deliveries_status_check CHECK (status IN ('pending', 'delivered', 'dead'))
      )`);
    await runner.query(`
      CREATE INDEX deliveries_parked_idx ON deliveries (endpoint_id, next_attempt_at)
        WHERE status = 'pending' AND parked`);
    await runner.query(`
      CREATE INDEX deliveries_undelivered_idx ON deliveries (endpoint_id, mailbox_id) WHERE status = 'pending'`);

    // database: leases on things that only one process may do at a time
    await runner.query(`
      CREATE TABLE leases (
        name text CONSTRAINT leases_pkey PRIMARY KEY,
        holder text NOT NULL,
        expires_at timestamptz NOT NULL
      )`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      DROP TABLE leases, deliveries, delivery_cursors, endpoint_secrets, endpoints, events, mailbox_sequences,
        mailbox_cursors, watches, disconnects, connect_sessions, grants, mailboxes`);
    await runner.query(`DROP FUNCTION event_commit_horizon, event_commit_order`);
    await runner.query(`DROP TABLE event_log_origin`);
  }
}
