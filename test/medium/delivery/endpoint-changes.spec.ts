import { eventually } from '../../support/eventually';
import { insertMailbox, type TestMailbox } from '../../support/test-replica';
import { startDeliveryTest } from '../../support/delivery/delivery-test';
import { holdAppend } from '../../support/delivery/held-append';
import { tasksDone } from '../../support/delivery/tasks-done';

/** What becomes of appends that meet a change of an endpoint, and of changes that meet each other. */
describe('an endpoint that changes while events are appended', () => {
  const test = startDeliveryTest({ DELIVERY_RETRY_DELAYS: '20ms,1h' });
  let { database, replica, receiver, mailbox: a } = test;
  let b: TestMailbox;
  let c: TestMailbox;
  beforeEach(async () => {
    ({ database, replica, receiver, mailbox: a } = test);
    b = await insertMailbox(database.dataSource);
    c = await insertMailbox(database.dataSource);
  });

  const query = (text: string, parameters?: unknown[]): Promise<unknown[]> =>
    database.dataSource.query(text, parameters);
  const received = (of: TestMailbox, sequences: number[]) =>
    eventually(() => receiver.sequences(of.id), { until: (seen) => seen.join() === sequences.join() });
  const patch = async (id: string, fields: object) => {
    const { status } = await replica.api('PATCH', `/v1/endpoints/${id}`, fields);
    expect(status).toBe(200);
  };
  const replay = async (id: string) => {
    const since = '2000-01-01T00:00:00Z';
    expect((await replica.api('POST', `/v1/endpoints/${id}/replay`, { since })).status).toBe(202);
  };
  /** Nothing is left to be done, and nothing is due. */
  const settled = async () => {
    await tasksDone(database.dataSource);
    await eventually(
      () =>
        query(`SELECT 1 FROM delivery_cursors cursor JOIN endpoints ON endpoints.id = endpoint_id AND endpoints.epoch = cursor.epoch
               WHERE high_watermark > sequence AND status = 'enabled'`),
      { until: (due) => due.length === 0 },
    );
  };

  it('gets an append once and in order that was under way when it was created', async () => {
    await replica.append(a, 2);
    const held = await holdAppend(replica, a, 2);
    await replica.endpoint(receiver.origin);
    await replica.append(b);
    await received(b, [1]);
    await held.commit();
    await replica.append(a);
    await received(a, [3, 4, 5]);
    await settled();
    expect(receiver.received).toHaveLength(4);
  });

  it('gets it also when nothing is appended afterwards', async () => {
    const held = await holdAppend(replica, a);
    const { id } = await replica.endpoint(receiver.origin);
    await held.commit();
    await received(a, [1]);
    await settled();
    expect(await query('SELECT subscribed_from FROM endpoints WHERE id = $1', [id])).toEqual([
      { subscribed_from: null },
    ]);
  });

  it('gets an append that was under way when its types were changed, and none from before', async () => {
    const { id } = await replica.endpoint(receiver.origin, { eventTypes: ['watch.failed'] });
    await replica.append(a, 2, 'watch.expired');
    await replica.append(a, 1, 'watch.failed');
    await received(a, [3]);
    await replica.append(a, 2, 'watch.expired');
    const held = await holdAppend(replica, a, 1, 'watch.expired');
    await patch(id, { eventTypes: ['watch.failed', 'watch.expired'] });
    await held.commit();
    await replica.append(a, 1, 'watch.failed');
    await received(a, [3, 6, 7]);
    await settled();
    expect(receiver.received).toHaveLength(3);
  });

  it.each([
    ['one is included', (): string[] => [a.id], (): string[] => []],
    ['others are included', () => [a.id, c.id], () => [b.id, c.id]],
  ])('gets an append that was under way when %s', async (_how, before, after) => {
    const { id } = await replica.endpoint(receiver.origin, { mailboxIds: before() });
    await replica.append(b, 2);
    const held = await holdAppend(replica, b);
    await patch(id, { mailboxIds: after() });
    await held.commit();
    await replica.append(b);
    await received(b, [3, 4]);
    await settled();
    expect(receiver.received).toHaveLength(2);
  });

  it('gets nothing of the time in which a mailbox was excluded, and all of the time in which one was included', async () => {
    const { id } = await replica.endpoint(receiver.origin);
    for (const mailbox of [a, b]) await replica.append(mailbox);
    await received(a, [1]);
    await received(b, [1]);
    await patch(id, { mailboxIds: [a.id] });
    for (const mailbox of [a, b, c]) await replica.append(mailbox, 2);
    await patch(id, { mailboxIds: [] });
    for (const mailbox of [a, b, c]) await replica.append(mailbox);
    await received(a, [1, 2, 3, 4]);
    await received(b, [1, 4]);
    await received(c, [3]);
    await settled();
    expect(receiver.received).toHaveLength(7);
  });

  it('goes on where it was in mailboxes that it keeps, while it is disabled', async () => {
    const { id } = await replica.endpoint(receiver.origin, { mailboxIds: [a.id, b.id] });
    await patch(id, { status: 'disabled' });
    for (const mailbox of [a, b, c]) await replica.append(mailbox, 2);
    await patch(id, { mailboxIds: [b.id, c.id] });
    for (const mailbox of [a, b, c]) await replica.append(mailbox);
    await patch(id, { mailboxIds: [c.id, b.id, a.id] });
    for (const mailbox of [a, b, c]) await replica.append(mailbox);
    await patch(id, { status: 'enabled' });
    await received(b, [1, 2, 3, 4]);
    await received(c, [3, 4]);
    await received(a, [4]);
  });

  it('catches up once on an append that was under way during two changes', async () => {
    const { id } = await replica.endpoint(receiver.origin, { mailboxIds: [a.id] });
    const held = await holdAppend(replica, b);
    await patch(id, { mailboxIds: [] });
    const other = await holdAppend(replica, c);
    await patch(id, { mailboxIds: [b.id, c.id] });
    await held.commit();
    await other.commit();
    await received(b, [1]);
    await received(c, [1]);
    await settled();
    expect(receiver.received).toHaveLength(2);
  });

  it('keeps what was committed between two changes, of which no cursor knows', async () => {
    const { id } = await replica.endpoint(receiver.origin, { mailboxIds: [a.id] });
    const long = await holdAppend(replica, c);
    const held = await holdAppend(replica, b);
    await patch(id, { mailboxIds: [] });
    await query(`UPDATE endpoint_tasks SET due_at = now() + interval '1 hour'`);
    await held.commit();
    await patch(id, { mailboxIds: [b.id] });
    await replica.append(b);
    await received(b, [1, 2]);
    await query('UPDATE endpoint_tasks SET due_at = now()');
    await long.commit();
    await settled();
    expect(receiver.received).toHaveLength(2);
  });

  it('replays mailboxes that it includes without a break, and no others', async () => {
    for (const mailbox of [a, b, c]) await replica.append(mailbox, 2);
    const { id } = await replica.endpoint(receiver.origin, { mailboxIds: [a.id, b.id] });
    await patch(id, { status: 'disabled' });
    await settled();
    // As if the fleet were so large that the replay had not come far yet.
    await query(
      `INSERT INTO endpoint_tasks (endpoint_id, steps, mailbox_ids, replay, due_at)
       VALUES ($1, '{rewind}', $2, '{"since": 0}', now() + interval '1 hour')`,
      [id, [a.id, b.id]],
    );
    await patch(id, { mailboxIds: [b.id, c.id] });
    await patch(id, { mailboxIds: [] });
    await query('UPDATE endpoint_tasks SET due_at = now()');
    await settled();
    await patch(id, { status: 'enabled' });
    await received(b, [1, 2]);
    await replica.append(a);
    await replica.append(c);
    await received(a, [3]);
    await received(c, [3]);
  });

  it('is replayed in mailboxes of which nothing was appended since it is there', async () => {
    await replica.append(a, 3);
    const { id } = await replica.endpoint(receiver.origin, { mailboxIds: [a.id] });
    await settled();
    expect(await query('SELECT 1 FROM delivery_cursors WHERE endpoint_id = $1', [id])).toEqual([]);
    await replay(id);
    await received(a, [1, 2, 3]);
    await replica.append(a);
    await received(a, [1, 2, 3, 4]);
  });

  it('has no more of a delivery that waits when its mailbox is excluded, also when it is included again', async () => {
    const { id } = await replica.endpoint(receiver.origin);
    receiver.answer = () => 500;
    await replica.append(a);
    await eventually(() => query(`SELECT 1 FROM deliveries WHERE jsonb_array_length(attempts) = 2`), {
      until: (rows) => rows.length === 1,
    });
    receiver.answer = () => 200;
    await patch(id, { mailboxIds: [b.id] });
    await patch(id, { mailboxIds: [] });
    await replica.append(a);
    await settled();
    await eventually(() => receiver.sequences(a.id).at(-1) === 2);
    const { body } = await replica.api('GET', `/v1/deliveries?endpointId=${id}`);
    expect(body.data.map(({ status }) => status)).toEqual(['delivered', 'dead']);
  });

  it('records an attempt that is under way when its mailbox is excluded, and makes no other', async () => {
    const { id } = await replica.endpoint(receiver.origin);
    let finish = (_status: number) => {};
    receiver.answer = () => new Promise<number>((resolve) => (finish = resolve));
    await replica.append(a);
    await received(a, [1]);
    await patch(id, { mailboxIds: [b.id] });
    finish(500);
    await settled();
    const { body } = await replica.api('GET', `/v1/deliveries?endpointId=${id}`);
    expect(body.data).toMatchObject([{ status: 'dead', attempts: [{ status: 500 }] }]);
    expect(await query('SELECT 1 FROM delivery_cursors WHERE endpoint_id = $1', [id])).toEqual([]);
  });

  it('leaves nothing behind when it is deleted while events are appended', async () => {
    const { id } = await replica.endpoint(receiver.origin);
    const held = await holdAppend(replica, a);
    await replica.append(b);
    await received(b, [1]);
    expect((await replica.api('DELETE', `/v1/endpoints/${id}`)).status).toBe(204);
    expect((await replica.api('GET', `/v1/endpoints/${id}`)).status).toBe(404);
    await held.commit();
    await replica.append(a);
    await tasksDone(database.dataSource);
    for (const table of ['delivery_cursors', 'deliveries', 'missed_events', 'endpoint_secrets'])
      expect(await query(`SELECT 1 FROM ${table} WHERE endpoint_id = $1`, [id])).toEqual([]);
    expect(receiver.sequences(a.id)).toEqual([]);
  });

  it('goes on with its tasks when one cursor is locked for long, and those of others are not held up', async () => {
    const mailboxIds = [a.id, b.id];
    const one = await replica.endpoint(receiver.origin, { mailboxIds });
    const other = await replica.endpoint(receiver.origin, { mailboxIds });
    await replica.append(a);
    await received(a, [1, 1]);
    // A receiver has an event before its outcome is committed, together with those of others, which needs this lock too.
    await eventually(
      () =>
        database.dataSource.query<unknown[]>('SELECT 1 FROM delivery_cursors WHERE claimed_by IS NOT NULL'),
      { until: ({ length }) => length === 0 },
    );
    const holder = database.dataSource.createQueryRunner();
    await holder.startTransaction();
    await holder.query('SELECT 1 FROM delivery_cursors WHERE endpoint_id = $1 FOR UPDATE', [one.id]);
    try {
      await replay(one.id);
      await replay(other.id);
      await received(a, [1, 1, 1]);
      await replica.append(b);
      await received(b, [1, 1]);
    } finally {
      await holder.rollbackTransaction();
      await holder.release();
    }
    await received(a, [1, 1, 1, 1]);
  });
});
