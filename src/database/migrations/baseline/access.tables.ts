import type { ModuleTables } from './module-tables';

export const ACCESS_TABLES: ModuleTables = {
  create: `
    CREATE TABLE api_keys (
      id text CONSTRAINT api_keys_pkey PRIMARY KEY,
      name text NOT NULL,
      digest bytea NOT NULL CONSTRAINT api_keys_digest_key UNIQUE,
      hint text NOT NULL,
      scopes text[] NOT NULL
        CONSTRAINT api_keys_scopes_check CHECK (scopes <@ ARRAY['read', 'write', 'admin']),
      created_at timestamptz NOT NULL DEFAULT now(),
      expires_at timestamptz,
      last_used_at timestamptz,
      revoked_at timestamptz
    );

    CREATE TABLE idempotency_keys (
      id uuid CONSTRAINT idempotency_keys_pkey PRIMARY KEY,
      caller_id text NOT NULL,
      key text NOT NULL,
      fingerprint bytea NOT NULL,
      mailbox_id text,
      claimed_until timestamptz NOT NULL,
      status integer,
      content_type text,
      body text,
      created_at timestamptz NOT NULL DEFAULT now(),
      CONSTRAINT idempotency_keys_caller_id_key_key UNIQUE (caller_id, key)
    );
    CREATE INDEX idempotency_keys_mailbox_id_idx ON idempotency_keys (mailbox_id) WHERE mailbox_id IS NOT NULL;
    CREATE INDEX idempotency_keys_created_at_idx ON idempotency_keys (created_at);
    CREATE INDEX idempotency_keys_body_key_idx ON idempotency_keys (split_part(body, ':', 1));`,

  drop: `DROP TABLE idempotency_keys, api_keys;`,
};
