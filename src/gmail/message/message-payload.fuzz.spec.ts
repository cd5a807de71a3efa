import fc from 'fast-check';
import { wellFormedJson } from '../../common/well-formed-json';
import type { GmailMessage } from '../gmail.types';
import { type MessagePayload, toMessagePayload } from './message-payload';
import { PAYLOAD_LIMITS as LIMITS } from './payload-limits';

// A failing run prints its seed; set it here to repeat the run.
const SEED = Number(process.env.PROPERTY_SEED ?? Date.now() % 2 ** 31);
/** Far more than any of these takes, and far less than a mail that somebody made to hold a worker up. */
const PROMPTLY = 5_000;
/** Characters: every limit reached at once stays below. */
const LARGEST = 8_000_000;

const text = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.array(fc.nat(0xffff), { maxLength: 30 }).map((units) => String.fromCharCode(...units)),
  fc.constantFrom(
    '',
    '\0',
    '\ud800',
    '\u202egnp.exe',
    'a\r\nBcc: x@example.com',
    'a@b, "c" <d@e>',
    'g: a@b, c@d;',
  ),
  fc.constantFrom(
    '=?utf-8?Q?=C3?=',
    '=?x-none?B?____?=',
    '=?',
    '=?utf-8?Q?=00=?= =?utf-8?B?!?=',
    '<<<>>>',
    '"\\',
  ),
  fc.constantFrom(
    'text/plain',
    'text/html; charset="',
    'text/plain; charset=none',
    'text/plain; charset=utf-16le',
  ),
  fc.constantFrom('Fri, 1 May 2026 14:00:00 +0200 (CEST)', 'Fri, 1 May 99999', '(((', '1 Jan -5', '1e400'),
);
const wrong = fc.oneof(fc.constantFrom(null, undefined, 0, -1, NaN, Infinity, true, {}, [], [null]), text);
const or = <T>(value: fc.Arbitrary<T>) =>
  fc.oneof({ weight: 6, arbitrary: value }, { weight: 1, arbitrary: wrong });
const some = (fields: Record<string, fc.Arbitrary<unknown>>) => fc.record(fields, { requiredKeys: [] });

const names = ['From', 'TO', 'cc', 'Subject', 'Date', 'Message-ID', 'Content-Type', '__proto__'].concat([
  ...['Reply-To', 'Bcc', 'References', 'In-Reply-To', 'List-Id', 'Auto-Submitted', 'X-Own'],
  ...['Content-ID', 'Content-Disposition'],
]);
const header = or(some({ name: or(fc.oneof(fc.constantFrom(...names), text)), value: or(text) }));
const type = fc.constantFrom('text/plain', 'TEXT/HTML', 'multipart/mixed', 'message/rfc822', 'x');
const base64 = fc.uint8Array({ maxLength: 40 }).map((bytes) => Buffer.from(bytes).toString('base64url'));
const { part } = fc.letrec<{ part: unknown }>((tie) => ({
  part: some({
    headers: or(fc.array(header, { maxLength: 8 })),
    mimeType: or(type),
    filename: or(text),
    body: or(some({ attachmentId: or(text), size: or(fc.integer()), data: or(base64) })),
    parts: or(fc.array(or(tie('part')), { maxLength: 3 })),
  }),
}));
const message = some({
  snippet: or(text),
  internalDate: or(fc.bigInt().map(String)),
  sizeEstimate: or(fc.integer()),
  payload: or(part),
});

describe('the payload of any message', () => {
  it('has its shape and is JSON that every reader accepts', () => {
    const property = fc.property(message, fc.boolean(), (given, withBodies) => {
      const payload = toMessagePayload({ id: '1', ...(given as object) }, withBodies, ['x-own', '__proto__']);
      const json = wellFormedJson(payload);
      expect(json).not.toContain('\\u0000');
      expect(json.isWellFormed()).toBe(true);
      expectShape(JSON.parse(json) as MessagePayload, withBodies);
    });
    fc.assert(property, { seed: SEED, numRuns: 3_000, interruptAfterTimeLimit: 4_000 });
  }, 20_000);

  const million = (piece: string) => piece.repeat(Math.ceil(1_000_000 / piece.length));
  const withHeader = (name: string, value: string): GmailMessage => ({
    id: '1',
    payload: { headers: [{ name, value }] },
  });
  const pieces = ['x', ' ', '(', '"', '<', ',', ':', '@', '\\', '=?', 'a@b.c, ', '=?utf-8?Q?=C3?= ', '\r\n '];
  const broken = ['(<', '\\"', '"."', '@[', '<"', '=?a?q?', '=?a?q?b?', '"<\\', "'", '(,)'];
  const cases = [
    ...['From', 'To', 'Subject', 'Date', 'Message-ID', 'Content-Type', 'References', 'In-Reply-To'],
    ...['List-Id', 'X-Own', 'Content-ID'],
  ].flatMap((name) =>
    [...pieces, ...broken, 'g:a:', ' (', 'charset '].map((piece): [string, string] => [name, piece]),
  );

  it.each(cases)('is made promptly of a %s header of a million characters of %j', (name, piece) => {
    const given = withHeader(name, million(piece));
    given.payload!.mimeType = 'text/plain';
    given.payload!.body = { data: 'gICA' };
    const begun = performance.now();
    const json = wellFormedJson(toMessagePayload(given, true, ['x-own']));
    expect(performance.now() - begun).toBeLessThan(PROMPTLY);
    expect(json.length).toBeLessThan(LARGEST);
  });

  it('keeps 10,000 recipients, and says when there were more', () => {
    const address = (n: number) => `r${n}@example.com`;
    const list = (count: number) => Array.from({ length: count }, (_, n) => address(n)).join(', ');
    const all = toMessagePayload(withHeader('To', list(10_000)), false);
    expect(all.to).toHaveLength(10_000);
    expect(all.to.at(-1)).toEqual({ name: '', address: address(9_999) });
    expect(all).not.toHaveProperty('truncated');
    const more = toMessagePayload(withHeader('To', list(10_001)), false);
    expect(more).toEqual({ ...all, truncated: ['to'] });
  });

  it('keeps what is within the limits, and shortens the rest without cutting a character in half', () => {
    const data = (content: string) => Buffer.from(content).toString('base64url');
    const make = (extra: number) =>
      toMessagePayload(
        {
          id: '1',
          payload: {
            mimeType: 'text/html',
            headers: [{ name: 'Subject', value: 'é'.repeat(LIMITS.line + extra) }],
            body: { data: data(`${'x'.repeat(LIMITS.body - 1)}${extra ? '👋' : 'x'}`) },
            parts: Array.from({ length: LIMITS.attachments + extra }, () => ({ filename: 'a.txt' })),
          },
        },
        true,
      );
    expect(make(0)).not.toHaveProperty('truncated');
    const { subject, html, attachments, truncated } = make(1);
    expect(truncated!.sort()).toEqual(['attachments', 'html', 'subject']);
    expect([subject.length, attachments.length]).toEqual([LIMITS.line, LIMITS.attachments]);
    expect(html).toBe('x'.repeat(LIMITS.body - 1));
  });

  it('reads parts that are nested to any depth', () => {
    let deep: object = { filename: 'deepest.txt' };
    for (let depth = 0; depth < 100_000; depth++) deep = { parts: [deep] };
    const payload = toMessagePayload({ id: '1', payload: deep }, true);
    expect(payload.attachments).toMatchObject([{ name: 'deepest.txt' }]);
  });
});

function expectShape(payload: MessagePayload, withBodies: boolean): void {
  const textOrNull = (value: unknown) => value === null || typeof value === 'string';
  const time = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;
  const {
    from,
    to,
    cc,
    bcc,
    replyTo,
    date,
    internalDate,
    rfc822MessageId,
    inReplyTo,
    references,
    listId,
    autoSubmitted,
    headers,
    attachments,
    text: plain,
    html,
    truncated = ['text'],
    ...rest
  } = payload;
  for (const { address, ...one } of [...(from ? [from] : []), ...to, ...cc, ...bcc, ...replyTo]) {
    expect(one).toEqual({ name: expect.any(String) });
    expect(address === null || (typeof address === 'string' && address !== '')).toBe(true);
  }
  for (const at of [date, internalDate]) if (at !== null) expect(at).toMatch(time);
  const texts = [rfc822MessageId, inReplyTo, listId, autoSubmitted, ...(withBodies ? [plain, html] : [])];
  for (const value of texts) expect(textOrNull(value)).toBe(true);
  for (const values of [references, ...Object.values(headers)])
    expect(values.every((value) => typeof value === 'string')).toBe(true);
  for (const { id, contentId, ...attachment } of attachments) {
    expect(textOrNull(id)).toBe(true);
    expect(textOrNull(contentId)).toBe(true);
    expect(attachment).toEqual({
      name: expect.any(String),
      type: expect.any(String),
      size: expect.any(Number),
      inline: expect.any(Boolean),
    });
  }
  // Nothing is too long here; texts and parts may lack.
  expect(['text', 'html', 'attachments']).toEqual(expect.arrayContaining(truncated));
  expect(truncated).not.toEqual([]);
  expect(rest).toEqual({
    subject: expect.any(String),
    snippet: expect.any(String),
    sizeEstimate: expect.any(Number),
  });
}
