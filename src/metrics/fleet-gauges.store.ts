import { LOG_LAG } from '../event/log/log-lag.store';
import { DATABASE_NOW } from '../event/notification-trace';

/** A number, or several by one label, that one statement reads from the database. */
export interface FleetGauge {
  /** Without `inboxwire_`. */
  name: string;
  help: string;
  /** The label, and its values: they are there from the start, at 0. */
  label?: { name: string; values: readonly string[] };
  /** Gives one row with `value`, which is null when there is nothing to report; or a row for each value of `label`. */
  query: string;
}

const age = (time: string) => `extract(epoch FROM now() - ${time})::float8`;

/** Delivery cursors with something left to hand over; those of disabled endpoints wait for their operator. */
const BEHIND = `FROM delivery_cursors cursor JOIN endpoints ON endpoints.id = endpoint_id
    AND endpoints.epoch = cursor.epoch AND endpoints.status = 'enabled'
  WHERE high_watermark - sequence > 0`;

/** A watch that ought to live. */
const WANTED = `FROM watches JOIN mailboxes ON mailboxes.id = mailbox_id AND mailboxes.status = 'active'
  WHERE stopped_at IS NULL`;

/** How everything stands. All replicas report the same: max() over them, never sum(). */
export const FLEET_GAUGES: readonly FleetGauge[] = [
  {
    name: 'mailboxes',
    help: 'Mailboxes by status',
    label: {
      name: 'status',
      values: ['active', 'reauthorization_required', 'disconnecting', 'disconnected', 'erased'],
    },
    query: 'SELECT status AS label, count(*)::int AS value FROM mailboxes GROUP BY status',
  },
  {
    name: 'watches',
    help: 'Watches of active mailboxes by status',
    label: { name: 'status', values: ['active', 'expired', 'stopped', 'failed'] },
    // As `src/watch/watch-status.ts` derives it.
    query: `SELECT CASE WHEN stopped_at IS NOT NULL THEN 'stopped' WHEN expires_at IS NULL THEN 'failed'
              WHEN expires_at > now() THEN 'active' WHEN expires_at > requested_at THEN 'expired' ELSE 'failed' END AS label,
              count(*)::int AS value
            FROM watches JOIN mailboxes ON mailboxes.id = mailbox_id AND mailboxes.status = 'active' GROUP BY 1`,
  },
  {
    name: 'watches_renewal_due',
    help: 'Watches whose time for renewal has come or whose last renewal failed',
    query: `SELECT count(*)::int AS value ${WANTED} AND (renew_at <= now() OR failures > 0)`,
  },
  {
    name: 'watch_nearest_expiry_seconds',
    help: 'Time until the watch that runs out next does so; negative when one has run out, absent without watches',
    query: `SELECT extract(epoch FROM min(expires_at) - now())::float8 AS value ${WANTED}`,
  },
  {
    name: 'syncs_due',
    help: 'Queue depth: mailboxes whose sync is due or under way',
    query: `SELECT count(*)::int AS value FROM mailbox_cursors
            WHERE next_sync_at <= now() AND NOT paused AND history_id IS NOT NULL`,
  },
  {
    name: 'cursor_lag_mailboxes',
    help: 'Active mailboxes whose cursor is behind what a notification has named',
    query: `SELECT count(*)::int AS value FROM mailbox_cursors WHERE notified_history_id > history_id AND NOT paused`,
  },
  {
    name: 'cursor_lag_seconds',
    help: 'Cursor lag: for how long the notification that has waited longest for a sync of an active mailbox does; 0 when none waits',
    query: `SELECT greatest(0, (${DATABASE_NOW} - min(split_part(notifications[1], ' ', 2)::float8)) / 1000) AS value
            FROM mailbox_cursors WHERE notifications <> '{}' AND NOT paused`,
  },
  {
    name: 'snapshots_building',
    help: 'Snapshots of mailboxes that are being built or wait for it',
    query: `SELECT count(*)::int AS value FROM mailbox_snapshots WHERE build_at IS NOT NULL`,
  },
  {
    name: 'endpoints',
    help: 'Endpoints by status',
    label: { name: 'status', values: ['enabled', 'disabled'] },
    query: 'SELECT status AS label, count(*)::int AS value FROM endpoints GROUP BY status',
  },
  {
    name: 'delivery_backlog_events',
    help: 'Queue depth: events that enabled endpoints have not been handed yet, those that their filters leave out included',
    query: `SELECT coalesce(sum(high_watermark - sequence), 0)::float8 AS value ${BEHIND}`,
  },
  {
    name: 'deliveries_set_aside',
    help: 'Queue depth: deliveries to enabled endpoints that wait for their retries while others go on',
    query: `SELECT count(*)::int AS value FROM deliveries JOIN endpoints ON endpoints.id = endpoint_id AND endpoints.status = 'enabled'
            WHERE deliveries.status = 'pending' AND parked`,
  },
  {
    name: 'delivery_oldest_waiting_seconds',
    help: 'Age of the oldest event that an enabled endpoint has not been handed in its turn; 0 when none waits',
    query: `SELECT coalesce(${age('min(oldest.occurred_at)')}, 0) AS value FROM (SELECT mailbox_id, sequence ${BEHIND}) behind
            CROSS JOIN LATERAL (SELECT occurred_at FROM events
              WHERE events.mailbox_id = behind.mailbox_id AND events.sequence > behind.sequence
              ORDER BY events.sequence LIMIT 1) oldest`,
  },
  {
    name: 'deliveries_dead',
    help: 'Dead deliveries on record',
    query: `SELECT count(*)::int AS value FROM deliveries WHERE status = 'dead'`,
  },
  {
    name: 'event_log_lag_seconds',
    help: 'For how long the oldest event that is committed and not shown yet has waited for an older transaction; 0 when none waits',
    query: LOG_LAG,
  },
  {
    name: 'log_events',
    help: 'Events in the log, as PostgreSQL estimates it since its last ANALYZE',
    query: `SELECT greatest(reltuples, 0)::float8 AS value FROM pg_class WHERE oid = 'events'::regclass`,
  },
  {
    name: 'log_oldest_event_seconds',
    help: 'Age of the oldest event in the log',
    query: `SELECT ${age('occurred_at')} AS value FROM events ORDER BY commit_order, position LIMIT 1`,
  },
];
