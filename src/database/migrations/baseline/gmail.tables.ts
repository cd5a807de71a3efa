import type { ModuleTables } from './module-tables';

export const GMAIL_TABLES: ModuleTables = {
  create: `
    -- Room in the pages: a row is written again every few seconds, in place.
    CREATE TABLE gmail_budgets (
      name text CONSTRAINT gmail_budgets_pkey PRIMARY KEY,
      reserved bigint NOT NULL DEFAULT 0,
      slot bigint NOT NULL DEFAULT 0,
      units integer[] NOT NULL DEFAULT '{}',
      not_before timestamptz,
      refusals integer NOT NULL DEFAULT 0
    ) WITH (fillfactor = 50);`,

  drop: `DROP TABLE gmail_budgets;`,
};
