import { toMessagePayload } from './message-payload';

const header = (name: string, value: string) => ({ name, value });
const withHeaders = (...headers: { name: string; value: string }[]) =>
  toMessagePayload({ id: '1', payload: { headers } }, false);

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
      subject: 'Grüße aus Wien',
      date: '2026-05-01T12:00:00.000Z',
      snippet: 'Hello',
      rfc822MessageId: '<a.b@example.com>',
      internalDate: '2026-05-01T12:00:00.000Z',
      sizeEstimate: 1234,
      attachments: [
        { id: 'att-1', name: 'Rechnung.pdf', type: 'application/pdf', size: 99 },
        { id: 'att-2', name: '', type: 'image/png', size: 7 },
      ],
    });
  });

  it('survives a message of which nothing can be read', () => {
    expect(toMessagePayload({ id: '1' }, true)).toEqual({
      from: null,
      to: [],
      cc: [],
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
    ['an unknown charset', header('Subject', '=?x-klingon?Q?Qapla=27?='), { subject: "Qapla'" }],
    ['a date that is none', header('Date', 'the day after'), { date: null }],
    [
      'a bare name as sender',
      header('From', 'MAILER-DAEMON'),
      { from: { name: 'MAILER-DAEMON', address: '' } },
    ],
    ['undisclosed recipients', header('To', 'undisclosed-recipients:;'), { to: [] }],
  ])('reads %s', (_name, given, expected) => expect(withHeaders(given)).toMatchObject(expected));

  it('reads bodies in UTF-8 as Gmail gives them, and by their charset where it does not', () => {
    const part = (mimeType: string, charset: string, bytes: Buffer) => ({
      mimeType,
      headers: [header('Content-Type', `${mimeType}; charset="${charset}"`)],
      body: { data: bytes.toString('base64url'), size: bytes.length },
    });
    const payload = toMessagePayload(
      {
        id: '1',
        payload: {
          mimeType: 'multipart/alternative',
          parts: [
            part('text/plain', 'iso-8859-1', Buffer.from('Grüße', 'utf8')),
            part('text/html', 'iso-8859-1', Buffer.from('<p>Grüße</p>', 'latin1')),
            { ...part('text/plain', 'utf-8', Buffer.from('an attached note')), filename: 'note.txt' },
          ],
        },
      },
      true,
    );
    expect(payload).toMatchObject({ text: 'Grüße', html: '<p>Grüße</p>' });
  });

  it('reads a seven-bit charset by its escapes', () => {
    const bytes = Buffer.from('\x1b$B%F%9%H\x1b(B', 'latin1');
    const headers = [header('Content-Type', 'text/plain; charset=ISO-2022-JP')];
    const message = {
      id: '1',
      payload: { mimeType: 'text/plain', headers, body: { data: bytes.toString('base64url') } },
    };
    expect(toMessagePayload(message, true).text).toBe('テスト');
  });
});
