const CRLF = '\r\n';

/** A part, or a whole mail, with its headers. */
export function part(headers: string[], ...body: string[]): string {
  return [...headers, '', ...body].join(CRLF);
}

/** A `multipart/mixed` of these parts. */
export function multipart(boundary: string, headers: string[], parts: string[]): string {
  const type = `Content-Type: multipart/mixed; boundary="${boundary}"`;
  return part([...headers, type], ...parts.flatMap((one) => [`--${boundary}`, one]), `--${boundary}--`);
}

/** A mail with its own text, to which another mail with text and HTML of its own is attached. */
export function mailWithAttachedMail(): Buffer {
  const texts = [
    part(['Content-Type: text/plain'], 'the text of the other'),
    part(['Content-Type: text/html'], '<p>the HTML of the other</p>'),
  ];
  const other = multipart('inner', ['From: bob@example.net', 'Subject: the other'], texts);
  const attached = part(['Content-Type: message/rfc822', 'Content-Disposition: attachment'], other);
  const own = part(['Content-Type: text/plain'], 'the own text');
  return Buffer.from(multipart('outer', ['From: ann@example.com', 'MIME-Version: 1.0'], [own, attached]));
}

/** A mail with a PDF that many multiparts down. */
export function mailWithDeepAttachment(depth: number): Buffer {
  let mail = part(
    ['Content-Type: application/pdf', 'Content-Disposition: attachment; filename="deep.pdf"'],
    '%PDF-1.4',
  );
  for (let level = depth; level > 0; level--)
    mail = multipart(`b${level}.`, level === 1 ? ['From: ann@example.com', 'MIME-Version: 1.0'] : [], [mail]);
  return Buffer.from(mail);
}
