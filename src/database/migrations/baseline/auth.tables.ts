import type { ModuleTables } from './module-tables';

export const AUTH_TABLES: ModuleTables = {
  create: `
    CREATE TABLE grants (
      mailbox_id text CONSTRAINT grants_pkey PRIMARY KEY
        CONSTRAINT grants_mailbox_id_fkey REFERENCES mailboxes (id) ON DELETE CASCADE,
      scopes text[] NOT NULL,
      -- Null where the service account acts for the mailbox.
      refresh_token text,
      access_token text,
      access_token_expires_at timestamptz,
      version text NOT NULL DEFAULT '',
      granted_at timestamptz,
      updated_at timestamptz NOT NULL DEFAULT now()
    );
    -- By the id of the key that they are encrypted with.
    CREATE INDEX grants_refresh_token_key_idx ON grants (split_part(refresh_token, ':', 1));
    CREATE INDEX grants_access_token_key_idx ON grants (split_part(access_token, ':', 1));`,

  drop: `DROP TABLE grants;`,
};
