import type { ModuleTables } from './module-tables';

export const WATCH_TABLES: ModuleTables = {
  create: `
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
    );
    CREATE INDEX watches_renew_at_idx ON watches (renew_at) WHERE stopped_at IS NULL;
    CREATE INDEX watches_expires_at_idx ON watches (expires_at) WHERE stopped_at IS NULL;
    CREATE INDEX watches_failing_idx ON watches (mailbox_id) WHERE stopped_at IS NULL AND failures > 0;
    CREATE INDEX watches_claimed_by_idx ON watches (claimed_by) WHERE claimed_by IS NOT NULL;`,

  drop: `DROP TABLE watches;`,
};
