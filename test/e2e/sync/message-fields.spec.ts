import { corpus } from '../../../src/local-google/testing/mails';
import type { Event, EventMessage, Mailbox } from '../../support/api-types';
import { logOf, messageEvents } from '../../support/event/mailbox-log';
import { ofType } from '../../support/event/of-type';
import { createTestApp, type TestApp } from '../../support/test-app';

const ADA = 'ada@example.com';
const GET = 'gmail.users.messages.get';

const MESSAGE_HEADERS = 'X-TOPIC, List-Unsubscribe,X-Missing';

const mailOf = (headers: string[], text: string) => Buffer.from([...headers, '', text].join('\r\n'));

/** The headers of a mail, a line each, with folded ones in one. */
function headersOf(raw: string | Buffer): string {
  const mail = typeof raw === 'string' ? corpus().find(({ name }) => name === raw)!.raw : raw;
  const [head] = mail.toString().replaceAll('\r\n', '\n').split('\n\n', 1);
  return head!.replaceAll(/\n[ \t]+/g, ' ');
}

describe.each(['metadata', 'full'])('what a message carries, with MESSAGE_PAYLOAD=%s', (payload) => {
  let app: TestApp;
  let mailbox: Mailbox;
  beforeAll(async () => {
    app = await createTestApp({ MESSAGE_HEADERS, MESSAGE_PAYLOAD: payload });
    mailbox = await app.connect(ADA);
  });
  afterAll(() => app?.close());

  /** The message of its event, which is that of the read API too, but for ids that Gmail makes anew each time. */
  const reported = async (raw: string | Buffer): Promise<EventMessage> => {
    app.google.requests.clear();
    const { id } = app.google.deliver(ADA, { raw });
    const events: Event[] = await logOf(app, mailbox);
    expect(app.google.requests.list({ method: GET }).map(({ units }) => units)).toEqual([20]);
    const added = ofType(messageEvents(events), 'message.added').find(({ data }) => data.messageId === id)!;
    const message = added.data.message!;
    for (const format of ['metadata', 'full'] as const) {
      const read = await app.api.get(`/v1/mailboxes/${mailbox.id}/messages/${id}?format=${format}`);
      const { replyTo, bcc, inReplyTo, references, listId, autoSubmitted, headers, snippet } = message;
      expect(read).toMatchObject({
        replyTo,
        bcc,
        inReplyTo,
        references,
        listId,
        autoSubmitted,
        headers,
        snippet,
      });
      expect(read.attachments.map(({ inline, contentId }) => [inline, contentId])).toEqual(
        message.attachments.map(({ inline, contentId }) => [inline, contentId]),
      );
      expect(read.allHeaders.map(({ name, value }) => `${name}: ${value}`).join('\n')).toBe(headersOf(raw));
    }
    expect('text' in message).toBe(payload === 'full');
    return message;
  };

  it('is what an answer needs, and the headers that MESSAGE_HEADERS names, for the same 20 units', async () => {
    expect(await reported('ugly-reply-to')).toMatchObject({
      replyTo: [
        { name: 'Smith, John Johnny', address: 'john@example.net' },
        { name: 'Jürgen (Vertrieb)', address: 'juergen@example.net' },
        { name: 'undisclosed', address: null },
      ],
      ...{ bcc: [], inReplyTo: null, references: [] },
      listId: 'Anfragen für alle <anfragen.example.com>',
      autoSubmitted: 'auto-generated',
      // The mail itself says "&amp;".
      snippet: 'Please call me back &amp; soon.',
      headers: {
        'x-topic': ['Grüße', 'second'],
        'list-unsubscribe': ['<mailto:off@example.com>, <https://example.com/off>'],
      },
    });
  });

  it('is the last 100 references of a long thread, its own text, and which attachments are inline', async () => {
    const message = await reported('long-thread');
    const { inReplyTo, references, truncated, text, attachments } = message;
    expect(references).toHaveLength(100);
    expect([references[0], references.at(-1)]).toEqual([
      '<thread-100@example.net>',
      '<a-very-long-id-that-a-server-folds-in-its-middle@example.net>',
    ]);
    expect({ inReplyTo, truncated }).toEqual({
      inReplyTo: '<thread-199@example.net>',
      truncated: ['references'],
    });
    expect(text?.trim()).toBe(payload === 'full' ? 'My own text.' : undefined);
    expect(attachments.filter(({ name }) => name === 'dot.png')).toMatchObject([
      { inline: true, contentId: 'dot@example.net' },
    ]);
  });

  it('is what a sent mail says of those who do not see each other, and a snippet without entities', async () => {
    const lines = [
      'From: ada@example.com',
      'Bcc: "Eve, hidden" <eve@example.net>, mallory@example.net',
      'In-Reply-To: <question@example.net>',
      'References: <first@example.net> <question@example.net>',
      'MIME-Version: 1.0',
    ];
    expect(await reported(mailOf(lines, `Tom & Jerry's <b>"show"</b>`))).toMatchObject({
      bcc: [
        { name: 'Eve, hidden', address: 'eve@example.net' },
        { name: '', address: 'mallory@example.net' },
      ],
      inReplyTo: '<question@example.net>',
      references: ['<first@example.net>', '<question@example.net>'],
      snippet: `Tom & Jerry's <b>"show"</b>`,
    });
  });

  it('is empty or null where the mail says nothing', async () => {
    expect(await reported(mailOf(['From: bob@example.net', 'MIME-Version: 1.0'], 'x'))).toMatchObject({
      ...{ replyTo: [], bcc: [], references: [], headers: {}, attachments: [] },
      ...{ inReplyTo: null, listId: null, autoSubmitted: null },
    });
    expect((await reported('attachment-pdf')).attachments).toMatchObject([
      { inline: false, contentId: null },
    ]);
  });
});
