const CRLF = '\r\n';
const MEGABYTE = 1_000_000;

const head = (...lines: string[]) =>
  ['From: Mallory <mallory@example.net>', 'To: ada@example.com', ...lines].join(CRLF);
const mail = (headers: string, body = 'Hello') => Buffer.from(`${headers}${CRLF}${CRLF}${body}`, 'latin1');
const repeat = (piece: string, length: number) => piece.repeat(Math.ceil(length / piece.length));
const times = (count: number, piece: (n: number) => string) =>
  Array.from({ length: count }, (_, n) => piece(n));
const charset = (name: string, bytes: number[]) => {
  const type = `Content-Type: text/plain; charset="${name}"`;
  return Buffer.concat([mail(head('Subject: bytes', type), ''), Buffer.from(bytes)]);
};

/** A multipart mail whose parts are within each other, none of which is ever closed. */
function nested(depth: number): string {
  const levels = times(
    depth,
    (n) => `Content-Type: multipart/mixed; boundary=b${n}${CRLF}${CRLF}--b${n}${CRLF}`,
  );
  return `${levels.join('')}Content-Type: text/plain${CRLF}${CRLF}at the bottom`;
}

function withAttachments(count: number): string {
  const one = (n: number) =>
    `--b${CRLF}Content-Disposition: attachment; filename="../${n}\u202e.exe"${CRLF}${CRLF}x${CRLF}`;
  return `${times(count, one).join('')}--b--`;
}

/** By what they do to those who read them. Headers of a megabyte and more, and what takes long to take apart. */
const KINDS: Record<string, () => Buffer> = {
  nothing: () => Buffer.alloc(0),
  zeros: () => Buffer.alloc(5_000),
  'every byte': () => Buffer.from(times(2_560, (n) => String.fromCharCode(n % 256)).join(''), 'latin1'),
  'no body': () => Buffer.from(head('Subject: no body')),
  'only line ends': () => Buffer.from('\n\r\r\n\n\r'.repeat(500)),
  '10,000 recipients': () =>
    mail(
      `From: list@example.net${CRLF}To: ${times(10_000, (n) => `"R, ${n}" <r${n}@example.com>`).join(', ')}`,
    ),
  'a subject of a megabyte': () => mail(head(`Subject: ${repeat('long ', MEGABYTE)}`)),
  '10,000 headers of 100 bytes': () => mail(head(...times(10_000, (n) => `X-${n}: ${'y'.repeat(100)}`))),
  'a date of a megabyte': () => mail(head(`Date: Fri, 1 May 2026${repeat(' (', MEGABYTE)}`)),
  'groups in groups': () => mail(head(`Cc: ${repeat('g:a@example.com:', MEGABYTE)}`)),
  'encoded words without end': () => mail(head(`Subject: ${repeat('=?utf-8?Q?=C3?= ', 200_000)}`)),
  'an encoded line break': () => mail(head('Subject: =?utf-8?Q?a=0D=0ABcc:_eve@example.net=00?=')),
  'a header within a header': () => mail(head('Subject: a\rBcc: eve@example.net\n\tb')),
  'other directions': () =>
    Buffer.from(`${head('Subject: \u202egnp.exe \u2066\ufeff\u0000')}${CRLF}${CRLF}\u202e`),
  'halves of characters': () => charset('utf-8', [0xed, 0xa0, 0x80, 0xc0, 0x80, 0xf8, 0x88, 0xff]),
  'a charset that there is not': () => charset('x-klingon', [0x48, 0xfc, 0x00, 0x80]),
  'a charset that lies': () => charset('utf-16', [0x48, 0x00, 0xd8, 0x00, 0xd8]),
  'escapes without end': () => charset('iso-2022-jp', [0x1b, 0x24, 0x42, 0x21, 0x1b, 0x1b]),
  'parts within parts': () => Buffer.from(`${head('Subject: deep')}${CRLF}${nested(200)}`),
  'a boundary that never comes': () => mail(head('Content-Type: multipart/mixed; boundary="b"'), 'none'),
  'a boundary of everything': () => mail(head('Content-Type: multipart/mixed; boundary=""'), '----'),
  'base64 that is none': () => mail(head('Content-Transfer-Encoding: base64'), '====%%%%AAA\u00ff='),
  'quoted-printable that is none': () =>
    mail(head('Content-Transfer-Encoding: quoted-printable'), '=\r=ZZ=4=\n='),
  '600 attachments': () => mail(head('Content-Type: multipart/mixed; boundary=b'), withAttachments(600)),
  'a text of two megabytes': () => mail(head('Subject: long'), repeat('line\r\n\0', 2 * MEGABYTE)),
};

/** So many mails, of every kind in turn. Written for this; none of them was ever sent. */
export function* uglyMails(count: number): Generator<Buffer> {
  const kinds = Object.values(KINDS);
  for (let n = 0; n < count; n++) yield kinds[n % kinds.length]!();
}
