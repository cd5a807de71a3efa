import { corpus } from '../../../src/local-google/testing/mails';
import { allOfType, messageIdOf } from '../../support/event/of-type';
import { logOf, messageEvents } from '../../support/event/mailbox-log';
import { createTestApp, type TestApp } from '../../support/test-app';

const ADA = 'ada@example.com';

describe('what message.added carries', () => {
  let app: TestApp;
  afterEach(() => app?.close());

  const reads = () => app.google.requests.count({ method: 'gmail.users.messages.get' });

  it('MESSAGE_PAYLOAD=ids: the ids and labels, at no cost', async () => {
    // And with a short RECONCILE_INTERVAL a quiet mailbox is read though no push ever comes.
    app = await createTestApp({ MESSAGE_PAYLOAD: 'ids', RECONCILE_INTERVAL: '300ms' });
    app.google.topics.subscriptions[0]!.chaos = { drop: 1 };
    const mailbox = await app.connect(ADA);
    for (const sent of [app.google.deliver(ADA), app.google.deliver(ADA)]) {
      const last = messageEvents(await logOf(app, mailbox)).find(({ data }) => data.messageId === sent.id);
      const { id: messageId, threadId, historyId } = sent;
      expect(last!.data).toEqual({
        messageId,
        threadId,
        historyId,
        labelIds: ['UNREAD', 'INBOX'],
        message: null,
      });
    }
    const later = app.google.deliver(ADA);
    expect(messageIdOf((await logOf(app, mailbox)).at(-1))).toBe(later.id);
    expect((await app.api.get(`/v1/mailboxes/${mailbox.id}`)).sync.lastNotificationAt).toBeNull();
    expect(reads()).toBe(0);
  });

  it('MESSAGE_PAYLOAD=full: the texts too, of every mail of the corpus', async () => {
    app = await createTestApp({ MESSAGE_PAYLOAD: 'full' });
    const mailbox = await app.connect(ADA);
    const sent = [app.google.deliver(ADA, { text: 'Grüße aus Köln' })];
    const named = corpus().map(({ name, raw }) => ({ name, placed: app.google.deliver(ADA, { raw }) }));
    sent.push(...named.map(({ placed }) => placed));
    const events = allOfType(messageEvents(await logOf(app, mailbox)), 'message.added');
    expect(events.map(({ data }) => data.messageId)).toEqual(sent.map(({ id }) => id));
    expect(events[0]!.data.message).toMatchObject({
      text: expect.stringContaining('Grüße aus Köln'),
      html: null,
    });
    const html = events[1 + named.findIndex(({ name }) => name === 'html-alternative')]!.data.message;
    expect(html).toMatchObject({ text: expect.any(String), html: expect.stringContaining('<') });
    const pdf = events[1 + named.findIndex(({ name }) => name === 'attachment-pdf')]!.data.message;
    expect(pdf!.attachments).toEqual([
      {
        id: expect.any(String),
        name: expect.stringMatching(/\.pdf$/),
        type: 'application/pdf',
        size: expect.any(Number),
        inline: false,
        contentId: null,
      },
    ]);
    expect((await app.api.get(`/v1/mailboxes/${mailbox.id}`)).sync.lastError).toBeNull();
  });

  it('MESSAGE_PAYLOAD=metadata: attachments by name and no bodies, for the price of one read each', async () => {
    app = await createTestApp();
    const mailbox = await app.connect(ADA);
    app.google.deliver(ADA, { raw: 'attachment-pdf' });
    const { data } = allOfType(messageEvents(await logOf(app, mailbox)), 'message.added')[0]!;
    expect(data.message!.attachments).toHaveLength(1);
    expect(data.message).not.toHaveProperty('text');
    expect(data.message).not.toHaveProperty('html');
    expect(reads()).toBe(1);
  });
});
