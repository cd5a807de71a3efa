import { eventually } from '../../support/eventually';
import { createTestApp, type TestApp } from '../../support/test-app';

describe('the gateway', () => {
  let app: TestApp;
  beforeAll(async () => void (app = await createTestApp()));
  afterAll(() => app?.close());

  it('turns a change in Gmail into an event', async () => {
    const mailbox = await app.connect('ada@example.com', { externalId: 'user-1' });
    expect(mailbox).toMatchObject({ status: 'active', watch: { status: 'active', labelIds: ['INBOX'] } });
    const sent = app.google.deliver('ada@example.com', {
      from: 'bob@example.com',
      subject: 'Hello',
      text: 'Hi there',
    });
    const events = await eventually(() => app.api.events({ mailboxId: mailbox.id }), {
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
