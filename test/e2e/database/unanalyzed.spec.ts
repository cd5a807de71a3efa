import { ErasureQueueStore } from '../../../src/connection/erasure/erasure-queue.store';
import { Receiver } from '../../fakes/receiver/receiver';
import { createTestDatabase } from '../../support/database/database';
import { readSince, rowsRead } from '../../support/database/rows-read';
import { fillDelivered, fillFleet, fleetMailbox } from '../../support/delivery/large-fleet';
import { eventually } from '../../support/eventually';
import { createTestApp, type TestApp } from '../../support/test-app';

const ADA = 'ada@example.com';
const MAILBOXES = 2_000;
const CHANGES = 20;

/** Of any table: a change needs some fifteen of one, updated rows that are not cleaned up yet included. */
const MAX_ROWS = CHANGES * 50;

// Until the first ANALYZE of a new installation every table looks small, and a plan that reads all of it looks cheap. A connection
// keeps the plans of its prepared statements.
it('on tables that nothing has analyzed since they were small, a change reads the rows that it needs', async () => {
  const [app, receiver]: [TestApp, Receiver] = await Promise.all([createTestApp(), Receiver.start()]);
  const { dataSource, url } = app.database;
  const deliver = async () => {
    const { id } = app.google.deliver(ADA);
    await eventually(() => receiver.received.some(({ event }) => event.data.messageId === id));
  };
  try {
    const { id: endpointId } = await app.api.post('/v1/endpoints', { url: receiver.origin }, 201);
    const tables = [
      'events',
      'deliveries',
      'delivery_cursors',
      'mailbox_cursors',
      'mailbox_snapshots',
      'mailboxes',
    ];
    for (const table of tables)
      await dataSource.query(`ALTER TABLE ${table} SET (autovacuum_enabled = false)`);
    await app.connect(ADA, { labelIds: [] });
    for (let n = 0; n < CHANGES; n++) await deliver();
    await fillFleet(dataSource, MAILBOXES, false);
    await fillDelivered(dataSource, MAILBOXES, endpointId, false);
    await dataSource.query('SELECT pg_stat_force_next_flush()');
    const before = await rowsRead(url);
    for (let n = 0; n < CHANGES; n++) await deliver();
    await app.service.stop();
    expect(readSince(before, await rowsRead(url), MAX_ROWS)).toEqual({});
  } finally {
    await app.close();
    await receiver.stop();
  }
}, 120_000);

it('on such tables, an erasure is looked for without reading all mailboxes that are disconnected', async () => {
  const database = await createTestDatabase();
  const { dataSource, url } = database;
  const queue = new ErasureQueueStore(dataSource);
  try {
    await queue.claim(2);
    await dataSource.query(`ALTER TABLE mailboxes SET (autovacuum_enabled = false)`);
    await fillFleet(dataSource, MAILBOXES, false);
    await dataSource.query(`UPDATE mailboxes SET status = 'disconnected'`);
    await queue.add(dataSource.manager, fleetMailbox(MAILBOXES));
    await dataSource.query('SELECT pg_stat_force_next_flush()');
    const before = await rowsRead(url);
    for (let n = 0; n < CHANGES; n++) await queue.claim(2);
    await dataSource.query('SELECT pg_stat_force_next_flush()');
    expect(readSince(before, await rowsRead(url), MAX_ROWS)).toEqual({});
  } finally {
    await database.drop();
  }
});
