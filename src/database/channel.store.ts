import { prepared } from './prepared';
import { sql, type SqlExecutor } from './sql';

/** What replicas notify each other of: that there is something to look for. A lost message costs time and nothing else. */
export type Channel = 'inboxwire_sync' | 'inboxwire_events' | 'inboxwire_snapshots' | 'inboxwire_api_keys';

/** From now on the connection receives the messages of the channel. */
export async function listenOn(connection: SqlExecutor, channel: Channel): Promise<void> {
  await sql(connection, `LISTEN ${channel}`);
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

/** Fails when the connection is of no use any more. */
export async function probe(connection: SqlExecutor): Promise<void> {
  await sql(connection, 'SELECT 1');
}
