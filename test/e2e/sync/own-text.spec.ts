import type { Mailbox } from '../../support/api-types';
import { eventually } from '../../support/eventually';
import { logOf } from '../../support/event/mailbox-log';
import { ofType } from '../../support/event/of-type';
import { MailReader } from '../../support/mail/mail-reader';
import { mailWithAttachedMail, mailWithDeepAttachment } from '../../support/mail/nested-mail';
import { createTestApp, type TestApp } from '../../support/test-app';

const TEXT = 'gmail.users.messages.attachments.get';
const ADA = 'ada@example.com';

describe('the texts and attachments of a mail', () => {
  let app: TestApp;
  let mailbox: Mailbox;
  afterEach(() => app?.close());

  const begin = async (payload: 'full' | 'metadata') => {
    app = await createTestApp({ MESSAGE_PAYLOAD: payload });
    mailbox = await app.connect(ADA);
  };
  const eventOf = async (id: string) =>
    ofType(await logOf(app, mailbox), 'message.added').find(({ data }) => data.messageId === id)!.data
      .message!;
  const read = async (id: string, query = '') =>
    (await new MailReader(app.service.address, mailbox.id).read(`/messages/${id}${query}`)).body;

  it('has the text of the mail itself, and not that of a mail that is attached', async () => {
    await begin('full');
    const { id } = app.google.deliver(ADA, { raw: mailWithAttachedMail() });
    for (const message of [await eventOf(id), await read(id)]) {
      expect(message).toMatchObject({ text: expect.stringMatching(/^the own text\s*$/), html: null });
      expect(message.attachments).toMatchObject([{ name: 'noname.eml', type: 'message/rfc822' }]);
      expect(message).not.toHaveProperty('truncated');
    }
  });

  it('reads a text that Gmail does not send with its message', async () => {
    await begin('full');
    app.google.switches.externalTexts = true;
    const { id } = app.google.deliver(ADA, { text: 'Grüße aus Köln' });
    for (const message of [await eventOf(id), await read(id)]) {
      expect(message).toMatchObject({ text: expect.stringContaining('Grüße aus Köln'), attachments: [] });
      expect(message).not.toHaveProperty('truncated');
    }
    const long = app.google.deliver(ADA, { text: `${'é'.repeat(1_200_000)}end` });
    const { text, truncated } = await eventOf(long.id);
    expect([text!.length, /^é+$/.test(text!), truncated]).toEqual([500_000, true, ['text']]);
    // Without the texts nothing lacks.
    const metadata = await read(id, '?format=metadata');
    expect(metadata.attachments).toEqual([]);
    expect(metadata).not.toHaveProperty('truncated');
  });

  it('says that the text lacks when Gmail has it no more', async () => {
    await begin('full');
    app.google.switches.externalTexts = true;
    app.google.failNext({ method: TEXT, status: 404, reason: 'notFound', times: 1e9 });
    const { id } = app.google.deliver(ADA, { text: 'x' });
    await eventually(() => app.google.requests.count({ method: TEXT }) === 5, { timeout: 30_000 });
    expect(await eventOf(id)).toMatchObject({ text: null, attachments: [], truncated: ['text'] });
    // Whoever reads it is not kept waiting.
    const { truncated } = await read(id);
    expect([truncated, app.google.requests.count({ method: TEXT })]).toEqual([['text'], 6]);
  }, 60_000);

  it.each([
    ['404 for a moment', { status: 404, reason: 'notFound', skip: 1, times: 3 }],
    ['429 for some', { status: 429, reason: 'rateLimitExceeded', skip: 3, times: 2 }],
    ['500 for some', { status: 500, reason: 'backendError', skip: 3, times: 2 }],
  ])('asks again for the texts alone when Gmail answers %s', async (_, fault) => {
    await begin('full');
    app.google.switches.externalTexts = true;
    app.google.failNext({ method: TEXT, ...fault });
    app.pushes.chaos = { drop: 1 };
    const texts = Array.from({ length: 5 }, (_mail, n) => `text ${n}`);
    for (const text of texts) app.google.deliver(ADA, { text });
    app.pushes.chaos = {};
    app.google.notify(ADA);
    const events = ofType(await logOf(app, mailbox), 'message.added');
    expect(events.map(({ data }) => data.message!.text!.trim())).toEqual(texts);
    expect(app.google.requests.count({ method: 'gmail.users.messages.get' })).toBe(5);
  });

  it.each([2, 8, 9, 13, 18])(
    'lists an attachment %i multiparts down, or says that there are more',
    async (depth) => {
      await begin('metadata');
      const { id } = app.google.deliver(ADA, { raw: mailWithDeepAttachment(depth) });
      const listed = [{ name: 'deep.pdf', type: 'application/pdf' }];
      const message = await eventOf(id);
      if (depth <= 8) expect(message.attachments).toMatchObject(listed);
      else expect(message).toMatchObject({ attachments: [], truncated: ['attachments'] });
      const full = await read(id);
      expect(full.attachments).toMatchObject(listed);
      expect(full).not.toHaveProperty('truncated');
    },
  );
});
