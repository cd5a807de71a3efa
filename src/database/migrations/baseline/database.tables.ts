import type { ModuleTables } from './module-tables';

export const DATABASE_TABLES: ModuleTables = {
  create: `
    -- Leases on what only one process may do at a time.
    CREATE TABLE leases (
      name text CONSTRAINT leases_pkey PRIMARY KEY,
      holder text NOT NULL,
      expires_at timestamptz NOT NULL
    );`,

  drop: `DROP TABLE leases;`,
};
