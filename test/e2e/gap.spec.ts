import { eventually } from '../support/eventually';
import { createWorld, type World } from '../support/world';

describe('expired history', () => {
  let world: World;
  beforeAll(async () => void (world = await createWorld()));
  afterAll(() => world?.close());

  it('is recovered by date, with a mailbox.gap that tells so', async () => {
    const address = 'gap@example.com';
    const mailbox = await world.connect(address);
    const seen = world.google.deliver(address, { subject: 'before', text: 'x' });
    await eventually(() => world.api.events({ mailboxId: mailbox.id }), {
      until: (events) => events.length === 2,
    });

    world.pushes.pause();
    const missed = [1, 2, 3].map((n) => world.google.deliver(address, { subject: `missed ${n}`, text: 'x' }));
    world.google.deliver(address, { subject: 'elsewhere', text: 'x', labelIds: ['SENT'] });
    world.google.expireHistory(address);
    await world.api.post(`/v1/mailboxes/${mailbox.id}/sync`, undefined, 202);

    const events = await eventually(() => world.api.events({ mailboxId: mailbox.id }), {
      until: (all) => all.some(({ type }) => type === 'mailbox.gap'),
    });
    expect(events.slice(2).map(({ type, origin }) => [type, origin])).toEqual([
      ['message.added', 'backfill'],
      ['message.added', 'backfill'],
      ['message.added', 'backfill'],
      ['mailbox.gap', 'backfill'],
    ]);
    expect(events.slice(2, 5).map(({ data }) => data.messageId)).toEqual(missed.map(({ id }) => id));
    expect(events.filter(({ data }) => data.messageId === seen.id)).toHaveLength(1);
    expect(events[5].data).toMatchObject({ recovered: { 'message.added': 3 }, complete: false });

    world.pushes.resume();
    world.google.deliver(address, { subject: 'after', text: 'x' });
    const after = await eventually(() => world.api.events({ mailboxId: mailbox.id }), {
      until: (all) => all.length === 7,
    });
    expect(after[6]).toMatchObject({ origin: 'live', data: { message: { subject: 'after' } } });
  });
});
