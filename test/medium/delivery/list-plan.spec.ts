import type { DataSource } from 'typeorm';
import { type DeliveryFilter, DeliveryListStore } from '../../../src/delivery/api/delivery-list.store';
import { createTestDatabase, type TestDatabase } from '../../support/database/database';

const MAILBOXES = 20_000;
const ENDPOINT = 'end_1';
const SCAN = /Seq Scan on (deliveries|delivery_cursors|events)/;

describe('the list of deliveries', () => {
  let database: TestDatabase;
  beforeAll(async () => {
    database = await createTestDatabase();
    await database.dataSource.query(`
      INSERT INTO mailboxes (id, email_address, status)
        SELECT 'mbx_' || n, n || '@example.com', 'active' FROM generate_series(1, ${MAILBOXES}) n;
      INSERT INTO endpoints (id, url, event_types, mailbox_ids, ordering)
        VALUES ('${ENDPOINT}', 'https://example.com', '{}', '{}', 'mailbox');
      INSERT INTO delivery_cursors (endpoint_id, mailbox_id, epoch, sequence, high_watermark)
        SELECT '${ENDPOINT}', id, 1, 1, 1 FROM mailboxes;
      INSERT INTO events (commit_order, id, mailbox_id, sequence, type, origin, occurred_at, email_address, data, bytes)
        SELECT event_commit_order(), 'evt_' || id, id, 1, 'message.deleted', 'live', now(), email_address, '{}', 2
        FROM mailboxes;
      INSERT INTO deliveries (endpoint_id, event_id, mailbox_id, event_type, sequence, status, attempts)
        SELECT '${ENDPOINT}', id, mailbox_id, type, sequence, 'delivered', '[]' FROM events;
      ANALYZE;`);
  });
  afterAll(() => database?.drop());

  /** How PostgreSQL would read the page, and not the page. */
  const planOf = async (filter: DeliveryFilter, many = false): Promise<string> => {
    let plan: string[] = [];
    const query = async (text: string, parameters: unknown[]) => {
      const rows = await database.dataSource.query<{ 'QUERY PLAN': string }[]>(`EXPLAIN ${text}`, parameters);
      plan = rows.map((row) => row['QUERY PLAN']);
      return [{ many }].filter(() => text.includes('AS many'));
    };
    await new DeliveryListStore({ query } as unknown as DataSource).list(filter, undefined, 50);
    return plan.join('\n');
  };

  it.each<[string, DeliveryFilter]>([
    ['all', {}],
    ['those of one endpoint', { endpointId: ENDPOINT }],
    ['those that wait', { status: 'pending' }],
    ['those of one endpoint that wait', { status: 'pending', endpointId: ENDPOINT }],
    ['dead ones', { status: 'dead' }],
    ['those of one mailbox', { mailboxId: 'mbx_7' }],
  ])('reads no table from one end to the other: %s', async (_name, filter) => {
    const plan = await planOf(filter);
    expect(plan).toContain('delivery_cursors');
    expect(plan).not.toMatch(SCAN);
  });

  it.each<[string, DeliveryFilter]>([
    ['all', {}],
    ['those of one endpoint that wait', { status: 'pending', endpointId: ENDPOINT }],
  ])('reads the log backwards when much of it waits: %s', async (_name, filter) => {
    const plan = await planOf(filter, true);
    expect(plan).toContain('Index Scan Backward using events_id_key');
    expect(plan).not.toMatch(SCAN);
  });
});
