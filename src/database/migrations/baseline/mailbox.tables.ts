import type { ModuleTables } from './module-tables';

export const MAILBOX_TABLES: ModuleTables = {
  create: `
    CREATE TABLE mailboxes (
      id text CONSTRAINT mailboxes_pkey PRIMARY KEY,
      email_address text NOT NULL CONSTRAINT mailboxes_email_address_key UNIQUE,
      external_id text,
      status text NOT NULL,
      revision integer NOT NULL DEFAULT 1,
      created_at timestamptz NOT NULL DEFAULT now(),
      CONSTRAINT mailboxes_email_address_check CHECK (email_address = lower(email_address)),
      CONSTRAINT mailboxes_status_check
        CHECK (status IN ('active', 'reauthorization_required', 'disconnecting', 'disconnected'))
    );
    CREATE INDEX mailboxes_external_id_idx ON mailboxes (external_id);`,

  drop: `DROP TABLE mailboxes;`,
};
