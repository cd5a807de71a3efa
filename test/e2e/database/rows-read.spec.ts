import { DataSource } from 'typeorm';
import type { Service } from '../../../src/service';
import { FleetStore } from '../../../src/metrics/fleet.store';
import { Receiver } from '../../fakes/receiver/receiver';
import { createTestDatabase } from '../../support/database/database';
import { readSince, rowsRead } from '../../support/database/rows-read';
import { fillDelivered, fillFleet, fleetMailbox } from '../../support/delivery/large-fleet';
import { eventually } from '../../support/eventually';
import { API_KEY, createTestApp, type TestApp } from '../../support/test-app';

const ADA = 'ada@example.com';
const MAILBOXES = 50_000;
const CHANGES = 20;

/** Of any table: a scan of a large one reads at least ten times as many. */
const MAX_ROWS = 5_000;

/** Parts of what runs by the clock, in statements of the loops and of the jobs. */
const PERIODIC = [
  ...[' news AS (', 'mailbox_snapshots s JOIN mailbox_cursors', 'UPDATE delivery_cursors SET claimed_by'],
  ...[
    'UPDATE deliveries SET claimed_by',
    'FROM endpoint_tasks',
    'INSERT INTO disconnects',
    'FROM disconnects',
  ],
];

describe(`on a database of ${MAILBOXES.toLocaleString('en')} mailboxes, no large table is read from one end to the other`, () => {
  let app: TestApp;
  let receiver: Receiver;
  let endpointId: string;
  beforeAll(async () => {
    // The gauges count whole tables, at the start and then for one part in a hundred of the time: they are left out here.
    jest.spyOn(FleetStore.prototype, 'read').mockResolvedValue([]);
    [app, receiver] = await Promise.all([createTestApp(), Receiver.start()]);
    ({ id: endpointId } = await app.api.post('/v1/endpoints', { url: receiver.origin }, 201));
    const { dataSource } = app.database;
    await fillFleet(dataSource, MAILBOXES);
    await fillDelivered(dataSource, MAILBOXES, endpointId);
    await dataSource.query(
      `UPDATE mailboxes SET status = 'reauthorization_required' WHERE id = '${fleetMailbox(7)}'`,
    );
    await dataSource.query('VACUUM (ANALYZE)');
    await app.connect(ADA, { labelIds: [] });
  }, 240_000);
  afterAll(async () => {
    await app?.close();
    await receiver?.stop();
  });

  /** What was read of any table beyond what is in order, by a replica that lives for this work. */
  const readBy = async (work: (replica: Service) => Promise<void>) => {
    const before = await rowsRead(app.database.url);
    const replica = await app.replica();
    await work(replica);
    await replica.stop();
    return readSince(before, await rowsRead(app.database.url), MAX_ROWS);
  };

  const get = async ({ address }: Service, path: string) => {
    const response = await fetch(address + path, { headers: { authorization: `Bearer ${API_KEY}` } });
    expect([path, response.status]).toEqual([path, 200]);
    return (await response.json()) as { data: { id: string }[] };
  };

  it('by a replica that has nothing to do, at its start and afterwards', async () => {
    const texts: string[] = [];
    const read = await readBy(async (replica) => {
      const { logger } = replica.application.get(DataSource);
      jest.spyOn(logger, 'logQuery').mockImplementation((text) => void texts.push(text));
      await eventually(() => PERIODIC.filter((part) => !texts.some((text) => text.includes(part))), {
        until: ({ length }) => length === 0,
        timeout: 30_000,
      });
    });
    expect(read).toEqual({});
  });

  it('by the API, whatever is asked for', async () => {
    const paths = [
      '/health/ready',
      '/v1/events?types=mailbox.gap',
      '/v1/events?types=mailbox.gap,watch.failed&limit=500',
      `/v1/events?mailboxId=${fleetMailbox(49_999)}`,
      '/v1/events?order=desc',
      '/v1/events?order=desc&types=mailbox.gap',
      `/v1/events?order=desc&mailboxId=${fleetMailbox(49_999)}`,
      '/v1/events?since=2099-01-01T00:00:00Z',
      '/v1/events?order=desc&since=2020-01-01T00:00:00Z&until=2020-01-02T00:00:00Z',
      '/v1/deliveries',
      '/v1/deliveries?status=pending',
      '/v1/deliveries?status=dead',
      `/v1/deliveries?mailboxId=${fleetMailbox(7)}`,
      '/v1/mailboxes?status=reauthorization_required',
      '/v1/mailboxes?status=disconnected',
      '/v1/mailboxes?emailAddress=ada@example.com',
      `/v1/deliveries?status=pending&endpointId=${endpointId}`,
    ];
    const read = await readBy(async (replica) => {
      for (const path of paths) await get(replica, path);
    });
    expect(read).toEqual({});
  });

  it('by a change, from its push to its webhook', async () => {
    const before = await rowsRead(app.database.url);
    for (let n = 0; n < CHANGES; n++) {
      const { id } = app.google.deliver(ADA);
      await eventually(() => receiver.received.some(({ event }) => event.data.messageId === id));
    }
    await app.service.stop();
    expect(readSince(before, await rowsRead(app.database.url), MAX_ROWS)).toEqual({});
  });
});

it('a scan is seen', async () => {
  const database = await createTestDatabase();
  const before = await rowsRead(database.url);
  await fillFleet(database.dataSource, 6_000);
  await database.dataSource.query(`SELECT FROM watches WHERE label_filter_behavior = 'exclude'`);
  await database.dataSource.query('SELECT pg_stat_force_next_flush()');
  const read = readSince(before, await rowsRead(database.url), MAX_ROWS);
  await database.drop();
  expect(read).toHaveProperty('watches', 6_000);
});
