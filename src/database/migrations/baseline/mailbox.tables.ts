import type { ModuleTables } from './module-tables';

export const MAILBOX_TABLES: ModuleTables = {
  create: `
    CREATE TABLE mailboxes (
      id text CONSTRAINT mailboxes_pkey PRIMARY KEY,
      google_account_id text,
      -- Null once the mailbox is erased.
      email_address text,
      holds_address boolean NOT NULL DEFAULT true,
      external_id text,
      status text NOT NULL,
      grant_kind text NOT NULL DEFAULT 'consent',
      revision integer NOT NULL DEFAULT 1,
      created_at timestamptz NOT NULL DEFAULT now(),
      CONSTRAINT mailboxes_email_address_check CHECK (email_address = lower(email_address)),
      CONSTRAINT mailboxes_grant_kind_check CHECK (grant_kind IN ('consent', 'delegated')),
      CONSTRAINT mailboxes_status_check
        CHECK (status IN ('active', 'reauthorization_required', 'disconnecting', 'disconnected', 'erased'))
    );
    -- Partial: what is in a whole unique index is a key, and whoever adds a row that names the mailbox waits for a change of its key.
    CREATE UNIQUE INDEX mailboxes_google_account_id_idx ON mailboxes (google_account_id) WHERE google_account_id IS NOT NULL;
    CREATE INDEX mailboxes_status_idx ON mailboxes (status, id);
    CREATE INDEX mailboxes_external_id_idx ON mailboxes (external_id);
    CREATE INDEX mailboxes_email_address_idx ON mailboxes (email_address);
    -- Notifications under an address are those of one mailbox at most.
    CREATE UNIQUE INDEX mailboxes_live_address_idx ON mailboxes (email_address)
      WHERE holds_address AND status <> 'disconnected';
    -- Every three letters that follow each other in a text: an index of them finds parts of words, without an extension that a
    -- managed PostgreSQL may not have.
    CREATE FUNCTION search_grams(searched text) RETURNS text[] LANGUAGE sql IMMUTABLE PARALLEL SAFE AS
      $$ SELECT ARRAY(SELECT substr(searched, place, 3) FROM generate_series(1, length(searched) - 2) place) $$;
    CREATE INDEX mailboxes_search_idx ON mailboxes USING gin (search_grams(lower(coalesce(email_address, '') || ' ' || coalesce(external_id, ''))));
    CREATE INDEX mailboxes_displaced_idx ON mailboxes (id) WHERE NOT holds_address AND status <> 'disconnected';`,

  drop: `DROP TABLE mailboxes; DROP FUNCTION search_grams;`,
};
