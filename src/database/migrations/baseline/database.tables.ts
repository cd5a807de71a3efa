import type { ModuleTables } from './module-tables';

export const DATABASE_TABLES: ModuleTables = {
  create: `
    -- Leases on what only one process may do at a time.
    CREATE TABLE leases (
      name text CONSTRAINT leases_pkey PRIMARY KEY,
      holder text NOT NULL,
      expires_at timestamptz NOT NULL
    );

    -- One row: by its id others know whether they talk to a service of this database.
    CREATE TABLE installation (
      id text CONSTRAINT installation_pkey PRIMARY KEY,
      only_row boolean NOT NULL DEFAULT true CONSTRAINT installation_only_row_key UNIQUE,
      CONSTRAINT installation_only_row_check CHECK (only_row)
    );
    INSERT INTO installation (id) VALUES (gen_random_uuid()::text);`,

  drop: `DROP TABLE installation; DROP TABLE leases;`,
};
