import { randomUUID } from 'node:crypto';

export interface MailFields {
  from?: string;
  to?: string;
  cc?: string;
  subject?: string;
  text?: string;
  /** With its angle brackets. */
  rfc822MessageId?: string;
  inReplyTo?: string;
  references?: string;
  date?: Date;
  headers?: Record<string, string>;
}

/** A plain RFC 5322 mail of the given fields. */
export function composeMail(fields: MailFields, recipient: string): Buffer {
  const headers: Record<string, string | undefined> = {
    From: fields.from ?? 'Sender Example <sender@example.net>',
    To: fields.to ?? recipient,
    Cc: fields.cc,
    Subject: asHeader(fields.subject ?? 'Hello'),
    Date: (fields.date ?? new Date()).toUTCString().replace('GMT', '+0000'),
    'Message-ID': fields.rfc822MessageId ?? `<${randomUUID()}@example.net>`,
    'In-Reply-To': fields.inReplyTo,
    References: fields.references,
    ...fields.headers,
    'MIME-Version': '1.0',
    'Content-Type': 'text/plain; charset=utf-8',
    'Content-Transfer-Encoding': '8bit',
  };
  const lines = Object.entries(headers).flatMap(([name, value]) => (value ? [`${name}: ${value}`] : []));
  const text = (fields.text ?? 'Hello there.').replaceAll(/\r?\n/g, '\r\n');
  return Buffer.from(`${lines.join('\r\n')}\r\n\r\n${text}\r\n`, 'utf8');
}

/** A subject beyond ASCII as an RFC 2047 word. */
function asHeader(text: string): string {
  return /^[ -~]*$/.test(text) ? text : `=?utf-8?B?${Buffer.from(text, 'utf8').toString('base64')}?=`;
}
