import { corpusMail, ownCorpus } from '../corpus';
import { collectedMails, corpus } from '../testing/mails';
import { headerValue } from './header-block';
import { allParts, parseMail, type MimePart } from './mime-part';
import { snippetOf } from './snippet';

const parsed = (name: string): MimePart => parseMail(corpusMail(name));
const outline = (mail: MimePart): string[] =>
  [...allParts(mail)].map(({ partId, mimeType, filename }) => [partId, mimeType, filename].join('|'));

describe(parseMail.name, () => {
  it('numbers the parts as Gmail does', () => {
    expect(outline(parsed('forwarded-mail'))).toEqual([
      '|multipart/mixed|',
      '0|text/plain|',
      '1|message/rfc822|noname.eml',
      '1.0|multipart/mixed|',
      '1.0.0|text/plain|',
      '1.0.1|text/csv|news.csv',
    ]);
  });

  it('keeps header values undecoded and unfolds them', () => {
    const { headers } = parsed('subject-utf8');
    expect(headerValue(headers, 'subject')).toBe(
      '=?utf-8?B?R3LDvMOfZSBhdXMgTcO8bmNoZW4=?= =?utf-8?Q?_und_sch=C3=B6ne_Tage_=F0=9F=8F=94?=',
    );
    expect(headerValue(parsed('headers-rfc6532').headers, 'subject')).toBe('Привет, Боб');
  });

  it.each([
    ['plain', 'Hi Bob, shall we have lunch on Friday? The place by the canal is open again. Ada'],
    ['html-alternative', 'Your invoice: 12,50 € &amp; thanks.'],
    ['inline-image', 'Look:'],
    ['subject-iso-2022-jp', '明日の会議は十時からです。'],
    ['subject-windows-1252', 'Un “café” – 5 €'],
    ['truncated-base64', 'This text is cut of'],
    ['no-boundary', ''],
    ['empty', ''],
    ['headers-only', ''],
  ])('takes the snippet of %s from its first text', (name, snippet) => {
    expect(snippetOf(parsed(name))).toBe(snippet);
  });

  it('decodes file names of RFC 2231', () => {
    expect(outline(parsed('filename-rfc2231')).at(-1)).toBe('1|application/vnd.ms-excel|Übersicht 2026.xls');
  });

  it('reads a mail with broken boundaries as far as it goes', () => {
    const mail = parsed('broken-boundary');
    expect(outline(mail)).toEqual(['|multipart/mixed|', '0|text/plain|', '1|text/plain|']);
    expect(mail.parts[0]?.content.toString()).toContain('--wrong');
    expect(mail.parts[1]?.content.toString()).toContain('never closed');
  });

  it('unfolds a header of many lines', () => {
    const references = headerValue(parsed('very-long-header').headers, 'references');
    expect(references?.split(' ')).toHaveLength(220);
  });

  it('has a corpus of its own', () => {
    expect(ownCorpus().length).toBeGreaterThanOrEqual(15);
  });

  it.each(corpus().map(({ name, raw }) => [name, raw] as const))('survives %s', (_, raw) => {
    const mail = parseMail(raw);
    expect(typeof snippetOf(mail)).toBe('string');
    for (const part of allParts(mail)) expect(part.mimeType).toMatch(/^[^\s/]+\/[^\s/]+$/);
  });

  it('has the collected mails too', () => {
    expect(collectedMails().length).toBeGreaterThan(50);
  });

  it('survives a mail nested far too deep', () => {
    const deep = 'Content-Type: message/rfc822\r\n\r\n'.repeat(5000);
    expect([...allParts(parseMail(Buffer.from(deep)))].length).toBeLessThan(50);
  });

  it('takes a quoted-printable mail of long blank runs apart in no time', () => {
    const head = 'Content-Transfer-Encoding: quoted-printable\r\n\r\n';
    const text = `${' '.repeat(1000)}x`.repeat(500);
    const started = performance.now();
    expect(parseMail(Buffer.from(`${head}${text}  \r\nnext=\r\n line`)).content.toString()).toBe(
      `${text}\r\nnext line`,
    );
    expect(performance.now() - started).toBeLessThan(1000);
  });
});
