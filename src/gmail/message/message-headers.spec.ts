import { toMessagePayload } from './message-payload';

const read = (headers: Record<string, string | string[]>, names: string[] = []) =>
  toMessagePayload(
    {
      id: '1',
      payload: {
        headers: Object.entries(headers).flatMap(([name, values]) =>
          [values].flat().map((value) => ({ name, value })),
        ),
      },
    },
    false,
    names,
  );

const id = (n: number) => `<${n}@example.com>`;

describe('the headers of a message', () => {
  it('are read for who answers it', () => {
    const { replyTo, bcc, inReplyTo, references, listId, autoSubmitted } = read({
      'Reply-To': '=?utf-8?q?J=C3=BCrgen?= <j@example.com>, Smith, John <s@example.com>',
      Bcc: 'hidden@example.com',
      'In-Reply-To': '<2@example.com>',
      References: '<1@example.com>\r\n <2@example.com>',
      'List-ID': '=?utf-8?q?Caf=C3=A9?= <cafe.example.com>',
      'auto-submitted': 'auto-replied (vacation)',
    });
    expect({ replyTo, bcc, inReplyTo, references, listId, autoSubmitted }).toEqual({
      replyTo: [
        { name: 'Jürgen', address: 'j@example.com' },
        { name: 'Smith, John', address: 's@example.com' },
      ],
      bcc: [{ name: '', address: 'hidden@example.com' }],
      inReplyTo: '<2@example.com>',
      references: ['<1@example.com>', '<2@example.com>'],
      listId: 'Café <cafe.example.com>',
      autoSubmitted: 'auto-replied (vacation)',
    });
  });

  it.each([
    ['<a@x>', ['<a@x>']],
    ['  <a@x>\r\n\t<b@x>\r\n <c@x>', ['<a@x>', '<b@x>', '<c@x>']],
    // Folded within an id, as Exchange does with long ones.
    ['<very-long\r\n -id@x> <b@x>', ['<very-long-id@x>', '<b@x>']],
    ['<a@x><b@x>', ['<a@x>', '<b@x>']],
    ['<a@x>, <b@x>', ['<a@x>', '<b@x>']],
    ['"Your message of Friday" <a@x>', ['<a@x>']],
    ['a@x b@x', ['a@x', 'b@x']],
    // As older versions of Python write long ones.
    ['=?utf-8?q?=3Ca=40x=3E_=3Cb=40?=\r\n =?utf-8?q?x=3E?=', ['<a@x>', '<b@x>']],
    ['<a@x> (added by postmaster@example.com)', ['<a@x>']],
    ['', []],
    ['   ', []],
    ['<>', []],
  ])('%j names what a mail answers', (header, ids) => {
    expect(read({ References: header }).references).toEqual(ids);
    expect(read({ 'In-Reply-To': header }).inReplyTo).toBe(ids[0] ?? null);
    // So that the references of an answer name it.
    expect(read({ 'Message-ID': header }).rfc822MessageId).toBe(ids[0] ?? null);
  });

  it('hold no line break, whatever is encoded in them', () => {
    const encoded = '=?utf-8?Q?Hi=0D=0ABcc:_x@example.com?=';
    const named = { Subject: encoded, 'List-Id': encoded, 'Auto-Submitted': encoded, 'X-Own': encoded };
    const payload = read({ ...named, From: `${encoded} <a@x>` }, ['x-own']);
    const text = 'Hi Bcc: x@example.com';
    const from = { name: text, address: 'a@x' };
    expect(payload).toMatchObject({ subject: text, listId: text, autoSubmitted: text, from });
    expect(payload.headers).toEqual({ 'x-own': [text] });
  });

  it('keep the last 100 references of a long thread, and say so', () => {
    const all = Array.from({ length: 200 }, (_, n) => id(n));
    const { references, truncated } = read({ References: all.join('\r\n ') });
    expect(references).toEqual(all.slice(100));
    expect(truncated).toEqual(['references']);
    expect(read({ References: all.slice(0, 100).join(' ') })).not.toHaveProperty('truncated');
  });

  it('are carried by the names of MESSAGE_HEADERS: decoded, every value, in their order', () => {
    const { headers } = read(
      {
        Received: ['by a', 'by b'],
        'X-Topic': '=?utf-8?q?=C3=A4?=\r\n =?utf-8?q?=C3=B6?=',
        'X-Other': 'not asked for',
        __proto__x: 'x',
      },
      ['received', 'x-topic', 'x-missing', '__proto__x'],
    );
    expect(headers).toEqual({ received: ['by a', 'by b'], 'x-topic': ['äö'], __proto__x: ['x'] });
  });

  it('that are called like members of objects are carried like others', () => {
    const headers = [{ name: '__Proto__', value: 'x' }];
    const payload = toMessagePayload({ id: '1', payload: { headers } }, false, ['__proto__']);
    expect(JSON.stringify(payload.headers)).toBe('{"__proto__":["x"]}');
  });

  it('that are too long or too many are shortened, and say so', () => {
    const { headers, truncated } = read(
      { 'X-Own': ['x'.repeat(30_000), ...Array.from({ length: 100 }, () => 'y')] },
      ['x-own'],
    );
    expect([headers['x-own']!.length, headers['x-own']![0]!.length, truncated]).toEqual([
      100,
      20_000,
      ['headers'],
    ]);
  });
});

describe('an attachment', () => {
  const attachment = (headers: Record<string, string>) =>
    toMessagePayload(
      {
        id: '1',
        payload: {
          parts: [
            {
              filename: 'a.png',
              headers: Object.entries(headers).map(([name, value]) => ({ name, value })),
            },
          ],
        },
      },
      false,
    ).attachments[0];
  it.each([
    [{ 'Content-Disposition': 'inline; filename=a.png', 'Content-ID': '<a@x>' }, true, 'a@x'],
    [{ 'content-disposition': 'INLINE' }, true, null],
    [{ 'Content-ID': 'a@x' }, true, 'a@x'],
    [{ 'Content-Disposition': 'attachment', 'Content-Id': '<a@x>' }, false, 'a@x'],
    [{ 'Content-Disposition': 'attachment' }, false, null],
    [{ 'Content-ID': ' <> ' }, false, null],
    [{}, false, null],
  ])('with %j is inline: %s, with the id %s', (headers, inline, contentId) => {
    expect(attachment(headers as Record<string, string>)).toMatchObject({ inline, contentId });
  });
});
