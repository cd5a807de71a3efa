import { jest } from '@jest/globals';
import { MissingMessageService } from '../../../src/sync/history/missing-message.service';
import type { Event, Mailbox } from '../../support/api-types';
import { eventually } from '../../support/eventually';
import { everyEventOf, logOf, messageEvents } from '../../support/event/mailbox-log';
import { allOfType, ofType } from '../../support/event/of-type';
import { liftWaits } from '../../support/gmail/quota';
import { hastenRetries } from '../../support/gmail/refusals';
import { MailReader } from '../../support/mail/mail-reader';
import { mailWithAttachedMail, mailWithDeepAttachment } from '../../support/mail/nested-mail';
import { createTestApp, type TestApp } from '../../support/test-app';

const GET = 'gmail.users.messages.get';
const TEXT = 'gmail.users.messages.attachments.get';

/** One application for the tests of a block, and for each of them a mailbox of its own. */
function startMailTest(payload: 'full' | 'metadata') {
  const test = {} as { app: TestApp; mailbox: Mailbox; account: string };
  let count = 0;
  beforeAll(async () => {
    test.app = await createTestApp({ MESSAGE_PAYLOAD: payload });
    hastenRetries(test.app);
  });
  afterAll(() => test.app?.close());
  beforeEach(async () => {
    test.account = `${payload}-${++count}@example.com`;
    test.mailbox = await test.app.connect(test.account);
  });
  afterEach(() => {
    jest.restoreAllMocks();
    test.app.google.switches.externalTexts = false;
    test.app.google.faults.clear();
  });
  const eventOf = async (id: string) =>
    ofType(await logOf(test.app, test.mailbox), 'message.added').find(({ data }) => data.messageId === id)!
      .data.message!;
  const read = async (id: string, query = '') =>
    (await new MailReader(test.app.service.address, test.mailbox.id).read(`/messages/${id}${query}`)).body;
  return { test, eventOf, read };
}

describe('the texts of a mail', () => {
  const { test, eventOf, read } = startMailTest('full');
  let app: TestApp;
  let mailbox: Mailbox;
  let account: string;
  beforeEach(() => void ({ app, mailbox, account } = test));

  it('has the text of the mail itself, and not that of a mail that is attached', async () => {
    const { id } = app.google.deliver(account, { raw: mailWithAttachedMail() });
    for (const message of [await eventOf(id), await read(id)]) {
      expect(message).toMatchObject({ text: expect.stringMatching(/^the own text\s*$/), html: null });
      expect(message.attachments).toMatchObject([{ name: 'noname.eml', type: 'message/rfc822' }]);
      expect(message).not.toHaveProperty('truncated');
    }
  });

  it('reads a text that Gmail does not send with its message', async () => {
    app.google.switches.externalTexts = true;
    const { id } = app.google.deliver(account, { text: 'Grüße aus Köln' });
    for (const message of [await eventOf(id), await read(id)]) {
      expect(message).toMatchObject({ text: expect.stringContaining('Grüße aus Köln'), attachments: [] });
      expect(message).not.toHaveProperty('truncated');
    }
    const long = app.google.deliver(account, { text: `${'é'.repeat(1_200_000)}end` });
    const { text, truncated } = await eventOf(long.id);
    expect([text!.length, /^é+$/.test(text!), truncated]).toEqual([500_000, true, ['text']]);
    // Without the texts nothing lacks.
    const metadata = await read(id, '?format=metadata');
    expect(metadata.attachments).toEqual([]);
    expect(metadata).not.toHaveProperty('truncated');
  });

  it('says that the text lacks when Gmail has it no more', async () => {
    const missing = app.service.application.get(MissingMessageService, { strict: false });
    jest.replaceProperty(missing, 'maxMissingMs', 700);
    app.google.switches.externalTexts = true;
    app.google.failNext({ method: TEXT, account, status: 404, reason: 'notFound', times: 1_000 });
    const { id } = app.google.deliver(account, { text: 'x' });
    expect(await eventOf(id)).toMatchObject({ text: null, attachments: [], truncated: ['text'] });
    // An application gets at once what there is.
    expect(await read(id)).toMatchObject({ text: null, truncated: ['text'] });
    expect(app.google.requests.count({ method: TEXT, account, status: 404 })).toBeGreaterThanOrEqual(3);
  });

  describe('that Gmail refuses', () => {
    const FIVE = ['1st text', '2nd text', '3rd text', '4th text', '5th text'];
    const calls = (method: string, status = 200) => app.google.requests.count({ method, account, status });
    /** Mails of which one push reports. */
    const arrive = (texts: string[]) => {
      app.google.switches.externalTexts = true;
      app.google.requests.clear();
      app.pushes.chaos = { drop: 1 };
      for (const text of texts) app.google.deliver(account, { text });
      app.pushes.chaos = {};
      app.google.notify(account);
    };
    const texts = (events: Event[]) =>
      allOfType(messageEvents(events), 'message.added').map(({ data }) => data.message?.text?.trim());

    it.each([
      [429, 'rateLimitExceeded', 3],
      [403, 'userRateLimitExceeded', 3],
      [500, 'backendError', 3],
      [404, 'notFound', 3],
    ])('for a moment (%d %s) are asked for again, and nothing else is', async (status, reason, times) => {
      app.google.failNext({ method: TEXT, account, status, reason, times, skip: 1 });
      arrive(FIVE);
      expect(texts(await logOf(app, mailbox))).toEqual(FIVE);
      expect([calls(GET), calls(TEXT), calls(TEXT, status)]).toEqual([5, 5, times]);
      expect((await app.api.get(`/v1/mailboxes/${mailbox.id}`)).sync.lastError).toBeNull();
    });

    it.each([
      [429, 'rateLimitExceeded', undefined, 'rate_limited'],
      [429, 'rateLimitExceeded', 300, 'rate_limited'],
      [500, 'backendError', undefined, 'gmail_unavailable'],
    ])(
      'for long (%d %s, Retry-After %p) keep those before them from no event, and nothing is read twice',
      async (status, reason, retryAfter, code) => {
        app.google.failNext({ method: TEXT, account, status, reason, retryAfter, times: 1e9, skip: 2 });
        arrive(FIVE);
        const sync = async () => (await app.api.get(`/v1/mailboxes/${mailbox.id}`)).sync;
        const { lastError } = await eventually(sync, {
          until: ({ lastError }) => lastError !== null,
          timeout: 20_000,
        });
        expect(lastError!.code).toBe(code);
        expect(texts(await everyEventOf(app, mailbox.id))).toEqual(FIVE.slice(0, 2));
        app.google.faults.clear();
        await liftWaits(app.database.dataSource);
        expect(texts(await logOf(app, mailbox))).toEqual(FIVE);
        expect([calls(GET), calls(TEXT)]).toEqual([5, 5]);
      },
    );
  });
});

describe('the attachments of a mail', () => {
  const { test, eventOf, read } = startMailTest('metadata');

  it.each([2, 8, 9, 13, 18])(
    'lists an attachment %i multiparts down, or says that there are more',
    async (depth) => {
      const { id } = test.app.google.deliver(test.account, { raw: mailWithDeepAttachment(depth) });
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
