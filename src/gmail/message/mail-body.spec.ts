import { bodyTexts } from './mail-body';
import { toMessagePayload } from './message-payload';
import { readMessage, textPart } from './testing/read-message';

const header = (name: string, value: string) => ({ name, value });

describe(bodyTexts, () => {
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

  it.each([
    ['shift_jis', Buffer.from('\x83\x65\x83\x58 \xff', 'latin1'), 'テス \ufffd'],
    ['utf-8', Buffer.from('Gr\xc3\xbc\xdfe', 'latin1'), 'Grü\ufffde'],
    ['utf-16le', Buffer.from('Hallo', 'utf16le'), 'Hallo'],
    ['utf-16', Buffer.from('\ufeffHallo', 'utf16le'), 'Hallo'],
    ['x-unknown', Buffer.from('Hallo'), 'Hallo'],
    ["'koi8-r'", Buffer.from('\xf0\xd2', 'latin1'), 'Пр'],
  ])('reads what there is of a text in %s', (charset, bytes, expected) => {
    const headers = [header('Content-Type', `text/plain; x-charset=koi8-u; charset=${charset}`)];
    const body = { data: bytes.toString('base64url'), size: bytes.length };
    expect(readMessage({ mimeType: 'text/plain', headers, body }).text).toBe(expected);
  });

  it('treats what a report of delivery holds as no text of its own', () => {
    const report = { mimeType: 'message/delivery-status', parts: [textPart('text/plain', 'Action: failed')] };
    const parts = [textPart('text/plain', 'It did not arrive.'), report];
    expect(readMessage({ mimeType: 'multipart/report', parts })).toMatchObject({
      text: 'It did not arrive.',
    });
  });

  it('takes all of a mail for its text, whatever its name is', () => {
    const named = textPart('text/plain', 'the log', { filename: 'log.txt' });
    expect(readMessage(named)).toMatchObject({ text: 'the log', attachments: [] });
    expect(readMessage(named, false)).toMatchObject({ attachments: [] });
    const large = { ...named, body: { attachmentId: 'att-1', size: 7_000_000 } };
    expect(readMessage(large)).toMatchObject({ text: null, attachments: [{ id: 'att-1', name: 'log.txt' }] });
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
