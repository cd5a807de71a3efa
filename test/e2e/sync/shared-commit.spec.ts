import { Receiver } from '../../fakes/receiver/receiver';
import { eventually } from '../../support/eventually';
import { createTestApp, type TestApp } from '../../support/test-app';

const ADA = 'ada@example.com';
const OTHERS = Array.from({ length: 5 }, (_, n) => `other-${n}@example.com`);
const ROUNDS = 3;

describe('runs that end at the same time', () => {
  let app: TestApp;
  let receiver: Receiver;
  let ada: { id: string };
  beforeAll(async () => {
    [app, receiver] = await Promise.all([createTestApp(), Receiver.start()]);
    const connected = await Promise.all(
      [ADA, ...OTHERS].map((address) => app.connect(address, { labelIds: [] })),
    );
    ada = connected[0]!;
    await app.api.post('/v1/endpoints', { url: receiver.origin, eventTypes: ['message.added'] }, 201);
    await eventually(async () => {
      const [{ count }] = await app.database.dataSource.query<[{ count: number }]>(
        `SELECT count(*)::int AS count FROM mailbox_snapshots WHERE state = 'ready'`,
      );
      return count === 1 + OTHERS.length;
    });
    // From here on every endpoint is known, and every cursor there.
    await Promise.all([ADA, ...OTHERS].map((address) => arrives(app.google.deliver(address))));
  });
  afterAll(async () => {
    await app?.close();
    await receiver?.stop();
  });

  const events = ({ id }: { id: string }) =>
    receiver.received.map(({ event }) => event).filter(({ data }) => data.messageId === id);
  const arrives = (message: { id: string }, timeout = 5_000) =>
    eventually(() => events(message).length > 0, { timeout });

  it.each([
    ['its cursor', 'SELECT FROM mailbox_cursors WHERE mailbox_id = $1 FOR UPDATE'],
    ['its snapshot', 'SELECT FROM mailbox_snapshots WHERE mailbox_id = $1 FOR UPDATE'],
    ['its delivery cursor', 'SELECT FROM delivery_cursors WHERE mailbox_id = $1 FOR UPDATE'],
    ['its append lock', 'SELECT append_lock($1)'],
  ])('do not wait for one of a mailbox of which another session holds %s', async (_what, lock) => {
    const session = app.database.dataSource.createQueryRunner();
    await session.startTransaction();
    let held: { id: string };
    try {
      await session.query(lock, [ada.id]);
      held = app.google.deliver(ADA);
      for (let round = 0; round < ROUNDS; round++)
        await Promise.all(OTHERS.map((address) => arrives(app.google.deliver(address))));
      expect(events(held)).toEqual([]);
    } finally {
      await session.rollbackTransaction();
      await session.release();
    }
    await arrives(held, 10_000);
    expect(events(held)).toHaveLength(1);
  });

  it('hand over the events as the log has them, each once and in order', async () => {
    const messages = Array.from({ length: 4 }, () => OTHERS.map((address) => app.google.deliver(address)));
    for (const message of messages.flat()) await arrives(message);
    for (const message of messages.flat()) {
      const [event, ...more] = events(message);
      expect(more).toEqual([]);
      expect(event).toEqual(await app.api.get(`/v1/events/${event!.id}`));
    }
    const sequences = Map.groupBy(
      receiver.received.map(({ event }) => event),
      ({ mailbox }) => mailbox.id,
    );
    for (const ofMailbox of sequences.values()) {
      const order = ofMailbox.map(({ sequence }) => sequence);
      expect(order).toEqual(order.toSorted((a, b) => a - b));
    }
  });
});
