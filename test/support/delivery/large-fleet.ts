import type { DataSource } from 'typeorm';

/** How many mailboxes one statement writes. */
const BATCH_SIZE = 20_000;

/** The id of one mailbox of a fleet. */
export const fleetMailbox = (n: number): string => `mbx_${String(n).padStart(26, '0')}`;

/** Runs each INSERT for all mailboxes of a fleet, by their numbers `n` from $1 to $2 and their `id`s. */
async function insertForEach(
  dataSource: DataSource,
  mailboxes: number,
  inserts: [into: string, select: string][],
  analyzed = true,
): Promise<void> {
  for (const [into, select] of inserts) {
    for (let first = 1; first <= mailboxes; first += BATCH_SIZE)
      await dataSource.query(
        `INSERT INTO ${into} SELECT ${select}
         FROM (SELECT n, 'mbx_' || lpad(n::text, 26, '0') AS id, 'evt_' || lpad(n::text, 26, '0') AS event_id
               FROM generate_series($1::int, $2::int) n) mailbox ON CONFLICT DO NOTHING`,
        [first, Math.min(mailboxes, first + BATCH_SIZE - 1)],
      );
    if (analyzed) await dataSource.query(`ANALYZE ${into.split(' ')[0]}`);
  }
}

/**
 * So many connected mailboxes with a watch, a cursor and one event each, which were all there before. Without the index by
 * which people search: it takes longer to write than all else, and no such fleet is searched.
 *
 * @param analyzed whether PostgreSQL knows of it when it plans
 */
export async function fillFleet(dataSource: DataSource, mailboxes: number, analyzed = true): Promise<void> {
  await dataSource.query('DROP INDEX IF EXISTS mailboxes_search_idx');
  const inserts: [string, string][] = [
    ['mailboxes (id, email_address, status)', `id, id || '@example.com', 'active'`],
    ['mailbox_sequences', 'id, 1'],
    [
      'mailbox_cursors (mailbox_id, history_id, next_sync_at, reconcile_at)',
      `id, 1, now() + interval '1 day', now() + interval '1 day'`,
    ],
    [
      'watches (mailbox_id, label_ids, label_filter_behavior, expires_at, renew_at)',
      `id, '{}', 'include', now() + interval '7 days', now() + interval '5 days'`,
    ],
    [
      'events (commit_order, id, mailbox_id, sequence, type, origin, occurred_at, email_address, data, bytes)',
      `event_commit_order(), event_id, id, 1, 'message.deleted', 'live', now(), id || '@example.com', '{}', 2`,
    ],
  ];
  await insertForEach(dataSource, mailboxes, inserts, analyzed);
}

/** A grant of each mailbox of the fleet, a message that has left the log, and its event delivered to the endpoint. */
export function fillDelivered(
  dataSource: DataSource,
  mailboxes: number,
  endpointId: string,
  analyzed = true,
): Promise<void> {
  const inserts: [string, string][] = [
    ['grants (mailbox_id, scopes, refresh_token, access_token)', `id, '{}', '1:refresh', '1:access'`],
    ['seen_messages (mailbox_id, message_id)', 'id, n'],
    [
      'mailbox_snapshots (mailbox_id, label_ids, label_filter_behavior, state, build_at)',
      `id, '{}', 'include', 'ready', NULL`,
    ],
    [
      'delivery_cursors (endpoint_id, mailbox_id, epoch, sequence, high_watermark)',
      `'${endpointId}', id, 1, 1, 1`,
    ],
    [
      'deliveries (endpoint_id, event_id, mailbox_id, event_type, sequence, status, attempts)',
      `'${endpointId}', event_id, id, 'message.deleted', 1, 'delivered', '[]'`,
    ],
  ];
  return insertForEach(dataSource, mailboxes, inserts, analyzed);
}

/** A cursor of the endpoint in every mailbox of the fleet, with a pending delivery and a dead one in each of them. */
export function fillDeliveries(dataSource: DataSource, mailboxes: number, endpointId: string): Promise<void> {
  const columns =
    'endpoint_id, event_id, mailbox_id, event_type, sequence, status, attempts, next_attempt_at';
  return insertForEach(dataSource, mailboxes, [
    [
      'delivery_cursors (endpoint_id, mailbox_id, epoch, sequence, high_watermark, next_attempt_at)',
      `'${endpointId}', id, 1, 0, 1, now() + interval '1 hour'`,
    ],
    [
      `deliveries (${columns})`,
      `'${endpointId}', event_id, id, 'message.deleted', 1, 'pending', '[]', now() + interval '1 hour'`,
    ],
    [
      `deliveries (${columns})`,
      `'${endpointId}', 'evt_dead' || n, id, 'message.deleted', 1, 'dead', '[]', NULL`,
    ],
  ]);
}
