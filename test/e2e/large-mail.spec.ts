import { setTimeout as delay } from 'node:timers/promises';
import { eventually } from '../support/eventually';
import { Fleet } from '../support/fleet';
import { residentMemory } from '../support/resident-memory';

const ADA = 'ada@example.com';
const MB = 1024 * 1024;

describe('mails with very large texts', () => {
  let fleet: Fleet;
  beforeAll(async () => {
    // The texts alone would not fit, and little is left lying for the garbage collector: what is measured is what is held.
    const NODE_OPTIONS = '--max-old-space-size=288 --max-semi-space-size=1';
    fleet = await Fleet.create({ MESSAGE_PAYLOAD: 'full', NODE_OPTIONS });
  });
  afterAll(() => fleet?.close());

  it('are read, fifty at once, in little memory', async () => {
    const { google, database } = fleet;
    google.topics.subscriptions[0]!.chaos = { drop: 1 };
    const replica = await fleet.start();
    const mailbox = await fleet.connect(ADA, replica);
    const text = 'the same line again and again\r\n'.repeat((2 * MB) / 31);
    const deliver = (_: unknown, n: number) => {
      const raw = `Subject: ${n}\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n${text}`;
      return google.deliver(ADA, { raw: Buffer.from(raw) }).id;
    };
    const ids = Array.from({ length: 50 }, deliver);

    const before = await residentMemory(replica.program.pid);
    let peak = before;
    const told = async () => {
      peak = Math.max(peak, await residentMemory(replica.program.pid));
      await delay(20);
      const rows = await database.dataSource.query(
        `SELECT message_id FROM events WHERE type = 'message.added' ORDER BY sequence`,
      );
      return rows.map(({ message_id }: any) => message_id);
    };
    await replica.api.post(`/v1/mailboxes/${mailbox.id}/sync`, undefined, 202);
    const seen = await eventually(told, { until: ({ length }) => length === ids.length, timeout: 60_000 });

    expect(seen).toEqual(ids);
    const { data } = await replica.api.get('/v1/events?types=message.added&limit=1');
    expect(data[0].data.message).toMatchObject({ subject: '0', truncated: ['text'] });
    expect((peak - before) / MB).toBeLessThan(350);
    // What did not fit into an answer was asked for again, and not much more than that.
    expect(google.requests.count({ method: 'gmail.users.messages.get' })).toBeLessThan(120);
  }, 120_000);
});
