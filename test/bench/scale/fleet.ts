import { Client } from 'pg';

/** Events of each mailbox, one after the other in every mailbox: indexes by mailbox grow as they do in a real log. */
export const EVENTS_A_MAILBOX = 3;

/** One in so many mailboxes waits for its owner's consent. */
const REAUTHORIZATION_SHARE = 1_000;

/** How many mailboxes have a delivery that waits for its next attempt, and how many have a gap at the end of the log. */
const WAITING = 20;
const GAPS = 3;

const BATCH_SIZE = 100_000;

/** The mailbox and the endpoint that were really connected: the rows of all others are made from theirs. */
export interface Sample {
  mailboxId: string;
  endpointId: string;
}

/** What one statement inserts for the mailboxes from $1 to $2; `sample` is a row of the same table. */
interface Filling {
  into: string;
  columns: Record<string, string>;
  /** Which row is the sample; left out: that of the sample mailbox. */
  sample?: string;
  where?: string;
}

/**
 * A fleet at rest: every mailbox connected, synced, with a snapshot, and with every event delivered to the endpoint, but for
 * a few. Its rows are as wide as those that the service has written for the sample.
 */
export async function fillFleet(databaseUrl: string, mailboxes: number, sample: Sample): Promise<void> {
  const client = new Client({ connectionString: databaseUrl });
  await client.connect();
  try {
    await client.query(`SET synchronous_commit = off`);
    for (const filling of [...ofMailbox(sample), ...EVENT_NUMBERS.flatMap((k) => ofEvent(k, sample))])
      await insert(client, filling, mailboxes, sample);
    await client.query(SNAPSHOT_ROWS);
    await insert(client, gaps(sample), Math.min(GAPS, mailboxes), sample);
    await client.query(
      `UPDATE delivery_cursors SET sequence = sequence - 1, attempts = 1, next_attempt_at = now() + interval '1 day'
       WHERE mailbox_id IN (SELECT ${ID} FROM generate_series(1, ${WAITING}) n)`,
    );
    // Nothing is to be done while the idle database is measured, nor left to be done by what has been written.
    await client.query(`VACUUM (ANALYZE)`);
    await client.query(`CHECKPOINT`);
  } finally {
    await client.end();
  }
}

/** One message in each snapshot. */
const SNAPSHOT_ROWS = `INSERT INTO snapshot_messages (message_id, thread_id, snapshot_id, labels)
  SELECT (1::bigint << 60) + id, (1::bigint << 60) + id, id, '{0,1}' FROM mailbox_snapshots ORDER BY id
  ON CONFLICT DO NOTHING`;

const EVENT_NUMBERS = Array.from({ length: EVENTS_A_MAILBOX }, (_, k) => k + 1);
const ID = `'mbx_' || lpad(n::text, 26, '0')`;
const ADDRESS = `'mailbox-' || n || '@bench.example'`;

function ofMailbox({ endpointId }: Sample): Filling[] {
  const status = `CASE WHEN n % ${REAUTHORIZATION_SHARE} = 0 THEN 'reauthorization_required' ELSE 'active' END`;
  const later = `now() + interval '1 day' + n * interval '1 ms'`;
  return [
    {
      into: 'mailboxes',
      sample: 'id = $3',
      columns: {
        id: ID,
        email_address: ADDRESS,
        google_account_id: `'10' || lpad(n::text, 19, '0')`,
        status,
      },
    },
    { into: 'grants', columns: { mailbox_id: ID } },
    { into: 'watches', columns: { mailbox_id: ID } },
    { into: 'mailbox_cursors', columns: { mailbox_id: ID, next_sync_at: later, reconcile_at: later } },
    { into: 'mailbox_sequences', columns: { mailbox_id: ID, last_sequence: `${EVENTS_A_MAILBOX}` } },
    { into: 'seen_messages', sample: 'false', columns: { mailbox_id: ID, message_id: messageId(0) } },
    {
      into: 'mailbox_snapshots',
      columns: {
        mailbox_id: ID,
        state: `'ready'`,
        build_at: 'NULL',
        claimed_by: 'NULL',
        claimed_until: 'NULL',
      },
    },
    {
      into: 'delivery_cursors',
      columns: { mailbox_id: ID, sequence: `${EVENTS_A_MAILBOX}`, high_watermark: `${EVENTS_A_MAILBOX}` },
      sample: `mailbox_id = $3 AND endpoint_id = '${endpointId}'`,
    },
  ];
}

function ofEvent(k: number, { endpointId }: Sample): Filling[] {
  const id = eventId(k);
  return [
    {
      into: 'events',
      sample: `mailbox_id = $3 AND type = 'message.added'`,
      columns: {
        ...{
          commit_order: 'event_commit_order()',
          id,
          mailbox_id: ID,
          sequence: `${k}`,
          email_address: ADDRESS,
        },
        ...{ message_id: messageId(k), occurred_at: 'clock_timestamp()' },
        data: `replace(sample.data::text, sample.message_id, ${messageId(k)})::json`,
      },
    },
    {
      into: 'deliveries',
      sample: `mailbox_id = $3 AND endpoint_id = '${endpointId}'`,
      columns: {
        ...{ event_id: id, mailbox_id: ID, sequence: `${k}`, created_at: 'clock_timestamp()' },
        ...{
          status: `CASE WHEN n <= ${WAITING} AND ${k} = ${EVENTS_A_MAILBOX} THEN 'pending' ELSE sample.status END`,
          next_attempt_at: `CASE WHEN n <= ${WAITING} AND ${k} = ${EVENTS_A_MAILBOX} THEN now() + interval '1 day' END`,
        },
      },
    },
  ];
}

/** At the end of the log, behind everything else. */
function gaps({ mailboxId }: Sample): Filling {
  return {
    into: 'events',
    sample: `mailbox_id = '${mailboxId}' AND type = 'message.added'`,
    columns: {
      ...{ commit_order: 'event_commit_order()', id: eventId(9), mailbox_id: ID, sequence: '9' },
      ...{
        type: `'mailbox.gap'`,
        email_address: ADDRESS,
        message_id: 'NULL',
        occurred_at: 'clock_timestamp()',
      },
    },
  };
}

function eventId(k: number): string {
  return `'evt_0' || ${k} || lpad(n::text, 24, '0')`;
}

function messageId(k: number): string {
  return `to_hex(${k + 1}::bigint * ${2 ** 32} + (1::bigint << 60) + n)`;
}

async function insert(
  client: Client,
  { into, columns, sample = 'mailbox_id = $3' }: Filling,
  mailboxes: number,
  { mailboxId }: Sample,
): Promise<void> {
  const { rows } = await client.query<{ name: string }>(
    `SELECT attname AS name FROM pg_attribute
     WHERE attrelid = $1::regclass AND attnum > 0 AND NOT attisdropped AND attidentity = '' AND attgenerated = ''
     ORDER BY attnum`,
    [into],
  );
  const names = rows.map(({ name }) => name);
  const values = names.map((name) => columns[name] ?? `sample.${name}`);
  const text = `INSERT INTO ${into} (${names.join(', ')}) SELECT ${values.join(', ')}
    FROM generate_series($1::int, $2::int) n LEFT JOIN (SELECT * FROM ${into} WHERE ${sample} LIMIT 1) sample ON true
    WHERE $3::text IS NOT NULL ORDER BY n`;
  for (let first = 1; first <= mailboxes; first += BATCH_SIZE)
    await client.query(text, [first, Math.min(mailboxes, first + BATCH_SIZE - 1), mailboxId]);
}
