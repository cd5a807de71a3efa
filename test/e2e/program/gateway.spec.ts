import { eventually } from '../../support/eventually';
import { createTestApp, type TestApp } from '../../support/test-app';

describe('the gateway', () => {
  let world: TestApp;
  beforeAll(async () => void (world = await createTestApp()));
  afterAll(() => world?.close());

  it('turns a change in Gmail into an event', async () => {
    const mailbox = await world.connect('ada@example.com', { externalId: 'user-1' });
    expect(mailbox).toMatchObject({ status: 'active', watch: { status: 'active', labelIds: ['INBOX'] } });
    const sent = world.google.deliver('ada@example.com', {
      from: 'bob@example.com',
      subject: 'Hello',
      text: 'Hi there',
    });
    const events = await eventually(() => world.api.events({ mailboxId: mailbox.id }), {
      until: (e) => e.length >= 2,
    });
    expect(events[0]).toMatchObject({
      type: 'mailbox.connected',
      sequence: 1,
      data: { reason: 'connected' },
    });
    expect(events[1]).toMatchObject({
      type: 'message.added',
      sequence: 2,
      origin: 'live',
      mailbox: { id: mailbox.id, emailAddress: 'ada@example.com', externalId: 'user-1' },
      data: {
        messageId: sent.id,
        threadId: sent.threadId,
        historyId: sent.historyId.toString(),
        message: { subject: 'Hello' },
      },
    });
  });
});
