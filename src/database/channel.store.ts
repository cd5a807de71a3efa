import { prepared } from './prepared';
import { sql, type SqlExecutor } from './sql';

/** What replicas notify each other of: that there is something to look for. A lost message costs time and nothing else. */
export type Channel =
  | 'inboxwire_sync'
  | 'inboxwire_events'
  | 'inboxwire_deliveries'
  | 'inboxwire_snapshots'
  | 'inboxwire_api_keys'
  | 'inboxwire_replicas';

/** From now on the connection receives the messages of the channel. */
export async function listenOn(connection: SqlExecutor, channel: Channel): Promise<void> {
  await sql(connection, `LISTEN ${channel}`);
}

/** The keys of an advisory lock that all who listen hold together, so that each can see whether there are others. */
const LISTENERS = { first: 6928, second: 1 };

/** Joins those who listen, until the connection ends. */
export async function joinListeners(connection: SqlExecutor): Promise<void> {
  await sql(connection, 'SELECT pg_advisory_lock_shared($1, $2)', [LISTENERS.first, LISTENERS.second]);
}

/** Whether others have joined, besides the one on this connection. */
export async function hasOtherListeners(connection: SqlExecutor): Promise<boolean> {
  const [row] = await sql<{ others: boolean }>(
    connection,
    prepared(`SELECT EXISTS (
      SELECT FROM pg_locks JOIN pg_database ON pg_database.oid = database AND datname = current_database()
      WHERE locktype = 'advisory' AND (classid, objid) = ($1::oid, $2::oid) AND pid <> pg_backend_pid()) AS others`),
    [LISTENERS.first, LISTENERS.second],
  );
  return row!.others;
}

/** Wakes whoever listens, once. */
export async function notifyNow(connection: SqlExecutor, channels: readonly Channel[]): Promise<void> {
  await sql(connection, prepared(`SELECT pg_notify(channel, '') FROM unnest($1::text[]) channel`), [
    channels,
  ]);
}

/**
 * Wakes whoever listens when the transaction commits. For what is rare only: PostgreSQL lets one transaction of the whole server
 * commit at a time while it has messages to send.
 */
export async function notifyAtCommit(on: SqlExecutor, channel: Channel): Promise<void> {
  await sql(on, `SELECT pg_notify($1, '')`, [channel]);
}
