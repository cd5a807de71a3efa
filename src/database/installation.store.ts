import { sql, type SqlExecutor } from './sql';

/** The id of the installation that this database is of: made with its tables, and never changed. */
export async function installationId(on: SqlExecutor): Promise<string> {
  const [row] = await sql<{ id: string }>(on, 'SELECT id FROM installation');
  return row!.id;
}

export interface Privileges {
  /** Whether new tables can be made. */
  create: boolean;
  /** Tables of the service on which the user lacks any of what it takes to read and write them. */
  readOnly: string[];
}

/** What the user of the connection may do in its schema. */
export async function privileges(on: SqlExecutor): Promise<Privileges> {
  const [row] = await sql<Privileges>(
    on,
    `SELECT coalesce(has_schema_privilege(current_schema(), 'CREATE'), false) AS create,
            ARRAY(SELECT tablename::text FROM pg_tables WHERE schemaname = current_schema()
                  AND EXISTS (SELECT FROM unnest(ARRAY['SELECT', 'INSERT', 'UPDATE', 'DELETE']) AS needed
                              WHERE NOT has_table_privilege(format('%I.%I', schemaname, tablename), needed))
                  ORDER BY 1) AS "readOnly"`,
  );
  return row!;
}
