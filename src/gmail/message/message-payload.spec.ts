import { toMessagePayload } from './message-payload';
import { readMessage, textPart } from './testing/read-message';

const header = (name: string, value: string) => ({ name, value });
const withHeaders = (...headers: { name: string; value: string }[]) =>
  toMessagePayload({ id: '1', payload: { headers } }, false);

/** What a mail has that brings none of the fields that are seldom there. */
const WITHOUT_MORE = {
  ...{ bcc: [], replyTo: [], inReplyTo: null, references: [], listId: null, autoSubmitted: null },
  headers: {},
};

describe(toMessagePayload, () => {
  it('reads what a mail client shows', () => {
    const payload = toMessagePayload(
      {
        id: '18c',
        snippet: 'Hello',
        internalDate: '1777636800000',
        sizeEstimate: 1234,
        payload: {
          mimeType: 'multipart/mixed',
          headers: [
            header('From', '"Ada Lovelace" <ada@example.com>'),
            header('To', 'bob@example.com, =?utf-8?B?w4dhxJ9sYQ==?= <c@example.com>'),
            header('CC', 'Team: x@example.com, y@example.com;'),
            header('subject', '=?ISO-8859-1?Q?Gr=FC=DFe?= aus Wien'),
            header('Date', 'Fri, 1 May 2026 14:00:00 +0200 (CEST)'),
            header('Message-ID', '<a.b@example.com>'),
          ],
          parts: [
            { mimeType: 'text/plain', filename: '', body: { size: 5 } },
            {
              mimeType: 'application/pdf',
              filename: 'Rechnung.pdf',
              body: { attachmentId: 'att-1', size: 99 },
            },
            {
              mimeType: 'multipart/related',
              parts: [{ mimeType: 'image/png', body: { attachmentId: 'att-2', size: 7 } }],
            },
          ],
        },
      },
      false,
    );
    expect(payload).toEqual({
      from: { name: 'Ada Lovelace', address: 'ada@example.com' },
      to: [
        { name: '', address: 'bob@example.com' },
        { name: 'Çağla', address: 'c@example.com' },
      ],
      cc: [
        { name: '', address: 'x@example.com' },
        { name: '', address: 'y@example.com' },
      ],
      ...WITHOUT_MORE,
      subject: 'Grüße aus Wien',
      date: '2026-05-01T12:00:00.000Z',
      snippet: 'Hello',
      rfc822MessageId: '<a.b@example.com>',
      internalDate: '2026-05-01T12:00:00.000Z',
      sizeEstimate: 1234,
      attachments: [
        {
          id: 'att-1',
          name: 'Rechnung.pdf',
          type: 'application/pdf',
          size: 99,
          inline: false,
          contentId: null,
        },
        { id: 'att-2', name: '', type: 'image/png', size: 7, inline: false, contentId: null },
      ],
    });
  });

  it('survives a message of which nothing can be read', () => {
    expect(toMessagePayload({ id: '1' }, true)).toEqual({
      from: null,
      to: [],
      cc: [],
      ...WITHOUT_MORE,
      subject: '',
      date: null,
      snippet: '',
      rfc822MessageId: null,
      internalDate: null,
      sizeEstimate: 0,
      attachments: [],
      text: null,
      html: null,
    });
  });

  it.each([
    ['a folded subject', header('Subject', 'one\r\n two'), { subject: 'one two' }],
    [
      'encoded words split over lines',
      header('Subject', '=?utf-8?Q?caf=C3?=\r\n =?utf-8?Q?=A9?='),
      { subject: 'café' },
    ],
    [
      'a question that is not encoded',
      header('Subject', '=?utf-8?Q?Who=3F?= =?utf-8?q?_I?_You??='),
      { subject: 'Who? I? You?' },
    ],
    [
      'encoded words side by side',
      header('Subject', '=?utf-8?Q?a?==?utf-8?Q?b?= =?utf-8?B?Yw==?=d=?utf-8?Q?e?=f'),
      { subject: 'abcdef' },
    ],
    [
      'what is only like an encoded word',
      header('Subject', '1 =?= 2, a?q?b?= =?utf-8?Q?c?'),
      { subject: '1 =?= 2, a?q?b?= =?utf-8?Q?c?' },
    ],
    ['an unknown charset', header('Subject', '=?x-klingon?Q?Qapla=27?='), { subject: "Qapla'" }],
    ['a date that is none', header('Date', 'the day after'), { date: null }],
    [
      'a bare name as sender',
      header('From', 'MAILER-DAEMON'),
      { from: { name: 'MAILER-DAEMON', address: null } },
    ],
    ['undisclosed recipients', header('To', 'undisclosed-recipients:;'), { to: [] }],
  ])('reads %s', (_name, given, expected) => expect(withHeaders(given)).toMatchObject(expected));

  it.each(['message/rfc822', 'Message/RFC822', 'message/global'])(
    'takes the text of an attached mail (%s) for no text of its own',
    (mimeType) => {
      const attached = {
        ...{ mimeType, filename: 'noname.eml', body: { attachmentId: 'att-1', size: 9 } },
        parts: [
          {
            mimeType: 'multipart/alternative',
            parts: [textPart('text/plain', 'its text'), textPart('text/html', '<p>its HTML</p>')],
          },
          { mimeType: 'application/pdf', filename: 'its.pdf', body: { attachmentId: 'att-2', size: 7 } },
          { mimeType: 'text/plain', filename: '', body: { attachmentId: 'att-3', size: 7_000_000 } },
        ],
      };
      const payload = readMessage({
        mimeType: 'multipart/mixed',
        parts: [textPart('text/plain', 'own text'), attached, textPart('text/plain', 'own end')],
      });
      expect(payload).toMatchObject({ text: 'own text\nown end', html: null });
      expect(payload.attachments.map(({ name }) => name)).toEqual(['noname.eml', 'its.pdf']);
      expect(payload).not.toHaveProperty('truncated');
      expect(readMessage({ mimeType: 'multipart/mixed', parts: [attached] })).toMatchObject({
        text: null,
        html: null,
      });
    },
  );

  it('says that the text lacks when Gmail did not send it, and lists it as no attachment', () => {
    const external = (mimeType: string, extra = {}) => ({
      ...{ mimeType, filename: '', body: { attachmentId: 'att-1', size: 7_000_000 } },
      ...extra,
    });
    const parts = [external('text/plain'), textPart('text/html', '<p>short</p>')];
    const payload = readMessage({ mimeType: 'multipart/alternative', parts });
    expect(payload).toMatchObject({ text: null, html: '<p>short</p>', attachments: [], truncated: ['text'] });
    expect(readMessage({ mimeType: 'multipart/alternative', parts }, false)).not.toHaveProperty('truncated');
    expect(readMessage(external('text/html'))).toMatchObject({ attachments: [], truncated: ['html'] });
    const headers = [header('Content-Disposition', 'attachment')];
    expect(
      readMessage({ parts: [textPart('text/plain', 'own'), external('text/plain', { headers })] }),
    ).toMatchObject({
      text: 'own',
      attachments: [{ id: 'att-1', name: '', type: 'text/plain' }],
    });
  });

  it.each([
    ['text/plain', 'attachment', { text: 'own', html: null }],
    ['text/html', ' Attachment; size=3', { text: 'own', html: null }],
  ])(
    'takes %s that is marked as an attachment, without a name, for an attachment',
    (mimeType, how, texts) => {
      const own = { mimeType: 'text/plain', filename: '', body: { size: 3, data: 'b3du' } };
      const headers = [header('Content-Disposition', how)];
      const marked = { mimeType, filename: '', headers, body: { size: 4, data: 'bG9n' } };
      const payload = { mimeType: 'multipart/mixed', parts: [own, marked] };
      const attachments = [{ id: null, name: '', type: mimeType, size: 4 }];
      expect(toMessagePayload({ id: '1', payload }, true)).toMatchObject({ ...texts, attachments });
      expect(toMessagePayload({ id: '1', payload }, false)).toMatchObject({ attachments });
      // All of a mail is its text.
      const alone = toMessagePayload({ id: '1', payload: { ...own, headers } }, true);
      expect(alone).toMatchObject({ text: 'own', attachments: [] });
    },
  );

  it.each([
    ['is all of the mail', (part: object) => ({ ...part, headers: [] })],
    ['stands beside the texts', (part: object) => ({ mimeType: 'multipart/alternative', parts: [part] })],
  ])('lists an invitation without a name that %s, with no id: only the raw mail has it', (_, mailOf) => {
    const payload = mailOf({ mimeType: 'TEXT/calendar', filename: '', body: { size: 4, data: 'QkVHSU4' } });
    const invitation = { id: null, name: '', type: 'TEXT/calendar', size: 4, inline: false, contentId: null };
    expect(toMessagePayload({ id: '1', payload }, true)).toMatchObject({
      ...{ text: null, html: null, attachments: [invitation] },
    });
    expect(toMessagePayload({ id: '1', payload }, false)).toMatchObject({ attachments: [invitation] });
  });

  it('says that attachments lack when parts are nested deeper than they are read', () => {
    const nested = (depth: number): object =>
      depth === 0 ? { partId: 'x' } : { parts: [nested(depth - 1)] };
    expect(readMessage(nested(8), false)).not.toHaveProperty('truncated');
    expect(readMessage(nested(9), false)).toMatchObject({ attachments: [], truncated: ['attachments'] });
  });

  it('decodes the snippet, which is HTML', () => {
    const snippet = (text: string) => toMessagePayload({ id: '1', snippet: text }, false);
    expect(snippet('It&#39;s R&amp;D').snippet).toBe("It's R&D");
    expect(snippet('&#39;'.repeat(2_000))).toMatchObject({ snippet: "'".repeat(2_000) });
    expect(snippet('&#39;'.repeat(2_000))).not.toHaveProperty('truncated');
    expect(snippet('&#39;'.repeat(2_001))).toMatchObject({
      snippet: "'".repeat(2_000),
      truncated: ['snippet'],
    });
  });

  it('has a sender with an address where there is one', () => {
    const from = (value: string) => withHeaders(header('From', value)).from;
    expect(from('Smith, John <john@example.com>')).toEqual({
      name: 'Smith, John',
      address: 'john@example.com',
    });
    expect(from('"ceo@bank.example"')).toEqual({ name: 'ceo@bank.example', address: null });
    expect(from('Smith, john@example.com')).toEqual({ name: '', address: 'john@example.com' });
  });

  it('has the same date in every time zone, and none when it is no date', () => {
    const date = (value: string) => withHeaders(header('Date', value)).date;
    expect(date('Fri, 1 May 2026 14:00:00')).toBe('2026-05-01T14:00:00.000Z');
    expect(date('5')).toBeNull();
  });
});
