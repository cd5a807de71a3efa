import { sql, type SqlExecutor } from './sql';

/** Tables whose keys a sequence makes. */
export const NUMBERED_TABLES = ['endpoint_secrets', 'endpoint_tasks', 'mailbox_snapshots', 'own_changes'];

/** The last place in the log's order that must lie behind: of an event, or before the point that an endpoint is subscribed from. */
const LAST_ORDER = `greatest((SELECT max(commit_order) FROM events),
  (SELECT max(pg_snapshot_xmax(subscribed_from::pg_snapshot)::text::bigint) - 1 FROM endpoints))`;

const lastId = (table: string) => `(SELECT max(id) FROM ${table})`;
/** A sequence that is new has given nothing yet, and shows what it will give first. */
const lastNumber = (table: string) => `(SELECT last_value - (NOT is_called)::int FROM ${table}_id_seq)`;

const IS_BEHIND = `SELECT true FROM event_log_origin
  WHERE ${LAST_ORDER} >= pg_snapshot_xmax(pg_current_snapshot())::text::bigint + xid_offset
    OR ${NUMBERED_TABLES.map((table) => `${lastId(table)} > ${lastNumber(table)}`).join(' OR ')}`;

/**
 * Whoever waited for the lock, however long, finds in its next statement what the one before has moved. The table of one row has
 * no key, and a publication of all tables (back to the old server, often) lets it be updated by its whole row alone.
 */
const CATCH_UP = `DO $$ BEGIN
  PERFORM set_config('lock_timeout', '0', true);
  IF (SELECT relreplident <> 'f' FROM pg_class WHERE oid = 'event_log_origin'::regclass) THEN
    ALTER TABLE event_log_origin REPLICA IDENTITY FULL;
  END IF;
  PERFORM FROM event_log_origin FOR UPDATE;
  UPDATE event_log_origin SET xid_offset = xid_offset + behind.by
    FROM (SELECT ${LAST_ORDER} - event_commit_order() + 1 AS by) behind WHERE behind.by > 0;
  ${NUMBERED_TABLES.map((table) => `PERFORM setval('${table}_id_seq', ${lastId(table)}) WHERE ${lastId(table)} > ${lastNumber(table)};`).join('\n  ')}
END $$`;

/**
 * A server to which the rows were copied (by a dump, or by logical replication before an upgrade) counts by itself. Its
 * transactions, by which the log is ordered, begin anew: the origin of the order is moved, so that what is appended next comes
 * after what is there, and after the points that endpoints are subscribed from. Its sequences may begin anew too, and are put
 * behind the keys that are taken.
 */
export async function goOnAfterCopiedRows(on: SqlExecutor): Promise<void> {
  const [isBehind] = await sql(on, IS_BEHIND);
  if (isBehind) await sql(on, CATCH_UP);
}
