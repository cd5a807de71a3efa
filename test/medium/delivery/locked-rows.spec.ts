import { eventually } from '../../support/eventually';
import { startDeliveryTest } from '../../support/delivery/delivery-test';
import { insertMailbox } from '../../support/test-replica';

describe('a row that another session holds', () => {
  const test = startDeliveryTest({ DELIVERY_RETRY_DELAYS: '50ms,50ms' });

  const delivered = async (mailbox: { id: string }) =>
    (
      await test.database.dataSource.query<unknown[]>(
        `SELECT FROM deliveries WHERE mailbox_id = $1 AND status = 'delivered'`,
        [mailbox.id],
      )
    ).length;

  it.each([
    ['its cursor', 'mailbox', 'delivery_cursors', 1],
    ['what is on record of its first attempt', 'mailbox', 'deliveries', 2],
    ['a parked delivery', 'none', 'deliveries', 2],
  ] as const)(
    'delays no other, and the outcome is committed once it is free: %s',
    async (_what, ordering, table, attempts) => {
      const { replica, receiver, mailbox, database } = test;
      const other = await insertMailbox(database.dataSource);
      await replica.endpoint(receiver.origin, { ordering });
      let answer = (_status: number) => {};
      const answered = new Promise<number>((resolve) => (answer = resolve));
      const attempted = ({ id }: { id: string }) => receiver.received.filter(({ event }) => event.id === id);
      // The last attempt of the one mailbox waits for its answer.
      receiver.answer = ({ event }) => {
        if (attempted(event).length < attempts) return 500;
        return event.mailbox.id === mailbox.id ? answered : 204;
      };
      await replica.append(mailbox);
      await eventually(() => receiver.sequences(mailbox.id).length, { until: (seen) => seen === attempts });
      const session = database.dataSource.createQueryRunner();
      await session.startTransaction();
      try {
        await session.query(`SELECT FROM ${table} WHERE mailbox_id = $1 FOR UPDATE`, [mailbox.id]);
        answer(204);
        for (let count = 1; count <= 3; count++) {
          await replica.append(other);
          await eventually(() => delivered(other), { until: (seen) => seen === count, timeout: 5_000 });
        }
        expect(await delivered(mailbox)).toBe(0);
      } finally {
        await session.rollbackTransaction();
        await session.release();
      }
      await eventually(() => delivered(mailbox), { until: (seen) => seen === 1 });
      expect(receiver.sequences(mailbox.id)).toHaveLength(attempts);
      expect(receiver.sequences(other.id)).toHaveLength(3 * attempts);
    },
  );

  it('delays no other of an endpoint with a rate limit: a parked delivery that is due', async () => {
    const { replica, receiver, mailbox, database } = test;
    const other = await insertMailbox(database.dataSource);
    await replica.endpoint(receiver.origin, { ordering: 'none', rateLimit: 1 });
    receiver.answer = ({ event }) => (event.mailbox.id === mailbox.id ? 500 : 204);
    const parked = () =>
      database.dataSource.query<unknown[]>(`SELECT FROM deliveries WHERE mailbox_id = $1 AND parked`, [
        mailbox.id,
      ]);
    await replica.append(mailbox);
    await eventually(parked, { until: (rows) => rows.length === 1 });
    const session = database.dataSource.createQueryRunner();
    await session.startTransaction();
    try {
      await session.query('SELECT FROM deliveries WHERE mailbox_id = $1 FOR UPDATE', [mailbox.id]);
      await replica.append(other, 2);
      await eventually(() => delivered(other), { until: (seen) => seen === 2 });
      expect(await parked()).toHaveLength(1);
    } finally {
      await session.rollbackTransaction();
      await session.release();
    }
  });

  it.each<[string, number, { isFailing?: boolean; rateLimit?: number }, string]>([
    ['fails', 500, {}, 'failing_since IS NOT NULL'],
    ['does well again', 204, { isFailing: true }, 'failing_since IS NULL'],
    ['is gone', 410, {}, `status = 'disabled'`],
    [
      'gets its first permits',
      204,
      { rateLimit: 100 },
      'EXISTS (SELECT FROM endpoint_permits WHERE endpoint_id = id)',
    ],
  ])(
    'delays no other endpoint, and that is on record once it is free: an endpoint that %s',
    async (_what, status, { isFailing = false, rateLimit = null }, onRecord) => {
      const { replica, receiver, database } = test;
      receiver.answer = ({ path }) => (path === '/held' ? status : 204);
      const held = await replica.endpoint(`${receiver.origin}/held`, { rateLimit });
      const { id: otherId } = await replica.endpoint(receiver.origin);
      const mailboxes = [];
      while (mailboxes.length < 20) mailboxes.push(await insertMailbox(database.dataSource));
      if (isFailing) await database.dataSource.query('UPDATE endpoints SET failing_since = now()');
      const settled = () =>
        database.dataSource.query<unknown[]>(
          `SELECT FROM deliveries WHERE endpoint_id = $1 AND status = 'delivered'`,
          [otherId],
        );
      const session = database.dataSource.createQueryRunner();
      await session.startTransaction();
      try {
        await session.query('SELECT FROM endpoints WHERE id = $1 FOR UPDATE', [held.id]);
        await Promise.all(mailboxes.map((mailbox) => replica.append(mailbox)));
        await eventually(settled, { until: ({ length }) => length === mailboxes.length });
        expect((await replica.api('GET', '/health/ready')).status).toBe(200);
      } finally {
        await session.rollbackTransaction();
        await session.release();
      }
      await replica.append(mailboxes[0]!);
      await eventually(
        () =>
          database.dataSource.query<unknown[]>(`SELECT FROM endpoints WHERE id = $1 AND ${onRecord}`, [
            held.id,
          ]),
        { until: ({ length }) => length === 1 },
      );
    },
  );

  it('has changes of one endpoint wait in line with one connection, and those of others pass', async () => {
    const { replica, receiver, mailbox, database } = test;
    const [held, other] = [await replica.endpoint(receiver.origin), await replica.endpoint(receiver.origin)];
    const describe = (id: string, description: string) =>
      replica.api('PATCH', `/v1/endpoints/${id}`, { description });
    const waiting = () =>
      database.dataSource.query<unknown[]>(
        `SELECT FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`,
      );
    const session = database.dataSource.createQueryRunner();
    await session.startTransaction();
    let changes: ReturnType<typeof describe>[];
    try {
      await session.query('SELECT FROM endpoints WHERE id = $1 FOR UPDATE', [held.id]);
      changes = Array.from({ length: 40 }, (_, n) => describe(held.id, `${n}`));
      await eventually(waiting, { until: (sessions) => sessions.length > 0 });
      expect((await describe(other.id, 'passes')).status).toBe(200);
      await replica.append(mailbox);
      await eventually(() => receiver.received.length === 2);
      expect(await waiting()).toHaveLength(1);
    } finally {
      await session.rollbackTransaction();
      await session.release();
    }
    expect(new Set((await Promise.all(changes)).map(({ status }) => status))).toEqual(new Set([200]));
  });
});
