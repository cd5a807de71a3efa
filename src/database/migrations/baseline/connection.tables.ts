import type { ModuleTables } from './module-tables';

export const CONNECTION_TABLES: ModuleTables = {
  create: `
    CREATE TABLE connect_sessions (
      id text CONSTRAINT connect_sessions_pkey PRIMARY KEY,
      token_hash bytea NOT NULL CONSTRAINT connect_sessions_token_hash_key UNIQUE,
      state_hash bytea NOT NULL CONSTRAINT connect_sessions_state_hash_key UNIQUE,
      state text NOT NULL,
      code_verifier text NOT NULL,
      redirect_url text,
      external_id text,
      login_hint text,
      mailbox_id text,
      expected_email_address text,
      label_ids text[],
      label_filter_behavior text,
      backfill_since timestamptz,
      expires_at timestamptz NOT NULL,
      claimed_by text,
      claimed_until timestamptz,
      completed_at timestamptz,
      outcomes jsonb NOT NULL DEFAULT '{}',
      last_error json,
      created_at timestamptz NOT NULL DEFAULT now()
    );

    CREATE TABLE disconnects (
      mailbox_id text CONSTRAINT disconnects_pkey PRIMARY KEY
        CONSTRAINT disconnects_mailbox_id_fkey REFERENCES mailboxes (id) ON DELETE CASCADE,
      step text NOT NULL,
      failures integer NOT NULL DEFAULT 0,
      last_error json,
      due_at timestamptz NOT NULL DEFAULT now(),
      claimed_by text,
      claimed_until timestamptz,
      CONSTRAINT disconnects_step_check CHECK (step IN ('identify', 'stop', 'revoke', 'erase'))
    );

    -- Mailboxes that are to be erased, until they are. The names by which each was known go with the row.
    CREATE TABLE erasures (
      mailbox_id text CONSTRAINT erasures_pkey PRIMARY KEY
        CONSTRAINT erasures_mailbox_id_fkey REFERENCES mailboxes (id) ON DELETE CASCADE,
      email_addresses text[] NOT NULL DEFAULT '{}',
      external_ids text[] NOT NULL DEFAULT '{}',
      failures integer NOT NULL DEFAULT 0,
      due_at timestamptz NOT NULL DEFAULT now(),
      claimed_by text,
      claimed_until timestamptz,
      created_at timestamptz NOT NULL DEFAULT now()
    );
    CREATE INDEX erasures_due_at_idx ON erasures (due_at);`,

  drop: `DROP TABLE erasures, disconnects, connect_sessions;`,
};
