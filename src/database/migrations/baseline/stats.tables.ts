import type { ModuleTables } from './module-tables';

export const STATS_TABLES: ModuleTables = {
  create: `
    -- What all replicas have done, in steps of a minute, five minutes, an hour and a day: each is counted by itself, so that
    -- whoever reads adds nothing up. Room in the pages: a row is written again every few seconds, in place.
    CREATE TABLE activity (
      step_seconds integer NOT NULL,
      at timestamptz NOT NULL,
      pushes bigint NOT NULL,
      changes bigint NOT NULL,
      deliveries bigint NOT NULL,
      failures bigint NOT NULL,
      units bigint NOT NULL,
      latencies integer[] NOT NULL,
      CONSTRAINT activity_pkey PRIMARY KEY (step_seconds, at)
    ) WITH (fillfactor = 50);`,

  drop: `DROP TABLE activity;`,
};
