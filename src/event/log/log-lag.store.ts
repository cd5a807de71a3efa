import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { sql } from '../../database/sql';

/** For how long the oldest event that is committed and not shown has waited, in seconds; 0 without one. */
export const LOG_LAG = `SELECT coalesce((SELECT greatest(0, extract(epoch FROM clock_timestamp() - occurred_at))::float8
  FROM events WHERE commit_order >= event_commit_horizon() ORDER BY commit_order, position LIMIT 1), 0) AS value`;

/** Who keeps a transaction open. What the role may not see of a session of somebody else is null. */
export interface OpenTransaction {
  /** Null for a prepared transaction, which belongs to no session. */
  pid: number | null;
  /** The name of a prepared transaction. */
  preparedAs: string | null;
  database: string | null;
  user: string | null;
  application: string | null;
  client: string | null;
  state: string | null;
  since: Date | null;
  query: string | null;
}

/** How far the log is behind what is committed, and because of whom. */
@Injectable()
export class LogLagStore {
  constructor(private readonly dataSource: DataSource) {}

  async seconds(): Promise<number> {
    const [row] = await sql<{ value: number }>(this.dataSource, LOG_LAG);
    return row!.value;
  }

  /** The oldest writing transaction of the whole server: what was committed since it began is not shown. */
  async oldestTransaction(): Promise<OpenTransaction | undefined> {
    const [row] = await sql<OpenTransaction>(
      this.dataSource,
      `SELECT pid, "preparedAs", database, "user", application, client, state, since, query FROM (
         SELECT age(backend_xid) AS age, pid, NULL AS "preparedAs", datname AS database, usename AS "user",
           application_name AS application, client_addr::text AS client, state, xact_start AS since, left(query, 200) AS query
         FROM pg_stat_activity WHERE backend_xid IS NOT NULL AND pid <> pg_backend_pid()
         UNION ALL
         SELECT age(transaction), NULL, gid, database, owner, NULL, NULL, 'prepared', prepared, NULL FROM pg_prepared_xacts
       ) writing ORDER BY age DESC LIMIT 1`,
    );
    return row;
  }
}
