import type { ModuleTables } from './module-tables';

export const CONSOLE_TABLES: ModuleTables = {
  create: `
    -- Who is signed in: by the digest of a token that only the browser has, with which key.
    CREATE TABLE console_sessions (
      token_digest bytea CONSTRAINT console_sessions_pkey PRIMARY KEY,
      key_id text NOT NULL,
      key_digest bytea NOT NULL,
      created_at timestamptz NOT NULL DEFAULT now(),
      expires_at timestamptz NOT NULL
    );
    CREATE INDEX console_sessions_expires_at_idx ON console_sessions (expires_at);`,

  drop: `DROP TABLE console_sessions;`,
};
