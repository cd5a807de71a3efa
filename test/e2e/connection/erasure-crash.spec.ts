import { tablesWith } from '../../support/database/dump';
import { eventually } from '../../support/eventually';
import { TestCluster } from '../../support/program/test-cluster';

/** More than one batch takes: the kill meets it in the middle. */
const EVENTS = 30_000;
const ADDRESS = 'killed@example.com';

describe('erasing a mailbox while processes are killed', () => {
  let cluster: TestCluster;
  beforeAll(async () => void (cluster = await TestCluster.create()));
  afterAll(() => cluster?.close());

  /** Events that were in the log before. */
  const fill = async (id: string) => {
    await cluster.database.dataSource.query(
      `INSERT INTO events (commit_order, id, mailbox_id, sequence, type, origin, occurred_at, email_address, message_id, data, bytes)
       SELECT event_commit_order(), 'evt_' || lpad(n::text, 26, '0'), $1, n + last_sequence, 'message.deleted', 'backfill', now(), $2,
         'm' || n, json_build_object('text', repeat('x', 200)), 215
       FROM generate_series(1, $3::int) n, mailbox_sequences WHERE mailbox_id = $1`,
      [id, ADDRESS, EVENTS],
    );
    await cluster.database.dataSource.query(
      'UPDATE mailbox_sequences SET last_sequence = last_sequence + $2 WHERE mailbox_id = $1',
      [id, EVENTS],
    );
  };
  const left = async (id: string) => {
    const [row] = await cluster.database.dataSource.query<{ count: number }[]>(
      'SELECT count(*)::int AS count FROM events WHERE mailbox_id = $1 AND email_address IS NOT NULL',
      [id],
    );
    return row!.count;
  };

  it('goes on in the middle after a SIGKILL, on any replica, and is reported once', async () => {
    const victim = await cluster.start();
    const { id } = await cluster.connect(ADDRESS, victim);
    await fill(id);
    await victim.api.delete(`/v1/mailboxes/${id}?erase=true`, 202);
    await eventually(() => left(id), { until: (count) => count < EVENTS, timeout: 30_000 });
    await victim.program.signal('SIGKILL');
    const atDeath = await left(id);
    expect(atDeath).toBeGreaterThan(0);

    const survivors = [await cluster.startInProcess(), await cluster.startInProcess()];
    await eventually(() => survivors[0]!.api.get(`/v1/mailboxes/${id}`), {
      until: ({ status }) => status === 'erased',
      timeout: 40_000,
    });
    expect(await left(id)).toBe(0);
    const events = await survivors[1]!.api.events({ mailboxId: id, types: 'mailbox.erased' });
    expect(events.map(({ sequence }) => sequence)).toEqual([EVENTS + 3]);
    expect(await tablesWith(cluster.database.dataSource, ADDRESS)).toEqual([]);
    expect(await cluster.database.dataSource.query('SELECT FROM erasures')).toEqual([]);
  }, 120_000);
});
