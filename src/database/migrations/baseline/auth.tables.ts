import type { ModuleTables } from './module-tables';

export const AUTH_TABLES: ModuleTables = {
  create: `
    CREATE TABLE grants (
      mailbox_id text CONSTRAINT grants_pkey PRIMARY KEY
        CONSTRAINT grants_mailbox_id_fkey REFERENCES mailboxes (id) ON DELETE CASCADE,
      scopes text[] NOT NULL,
      refresh_token text NOT NULL,
      access_token text,
      access_token_expires_at timestamptz,
      version text NOT NULL DEFAULT '',
      granted_at timestamptz,
      updated_at timestamptz NOT NULL DEFAULT now()
    );`,

  drop: `DROP TABLE grants;`,
};
