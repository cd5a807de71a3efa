import type { MailInput } from '../mailbox/mail-input';
import { ControlError, type Fields } from './fields';

/** A mail as it is asked for. */
export interface NewMail {
  from?: string;
  to?: string;
  cc?: string;
  subject?: string;
  text?: string;
  inReplyTo?: string;
  raw?: string;
  labelIds?: string[];
  threadId?: string;
  internalDate?: string;
}

export const NEW_MAIL: Fields = {
  from: 'string',
  to: 'string',
  cc: 'string',
  subject: 'string',
  text: 'string',
  inReplyTo: 'string',
  raw: 'string',
  labelIds: 'strings',
  threadId: 'string',
  internalDate: 'string',
};

export const NEW_MAIL_WORDS: Readonly<Record<string, string>> = {
  from: 'such as Bob <bob@example.net>',
  to: 'the owner by default',
  cc: '',
  subject: '',
  text: '',
  inReplyTo: 'the rfc822MessageId that it answers, <…>: it joins its thread',
  raw: 'instead of the fields before: the whole mail, headers and attachments too, in base64',
  labelIds: 'INBOX and UNREAD by default',
  threadId: 'the thread that it belongs to, whatever it answers',
  internalDate: 'when Gmail received it, such as 2026-11-01T08:00:00Z; now by default',
};

const COMPOSED = ['from', 'to', 'cc', 'subject', 'text', 'inReplyTo'] as const;
const THREAD_ID = /^[0-9a-f]{1,16}$/;

/** The mail to put into the mailbox; throws a ControlError that names the field that is wrong. */
export function mailOf(mail: NewMail): MailInput {
  const { raw, internalDate, threadId, ...fields } = mail;
  for (const name of COMPOSED) {
    if (name !== 'text' && /[\r\n]/.test(mail[name] ?? ''))
      throw new ControlError(400, `"${name}" must be on one line.`);
    if (raw !== undefined && mail[name] !== undefined)
      throw new ControlError(400, `"raw" is the whole mail: leave "${name}" out.`);
  }
  if (threadId !== undefined && !THREAD_ID.test(threadId))
    throw new ControlError(400, '"threadId" must be up to 16 hexadecimal digits in lower case.');
  return {
    ...fields,
    references: fields.inReplyTo,
    threadId,
    ...(raw === undefined ? {} : { raw: bytesOf(raw) }),
    ...(internalDate === undefined ? {} : { internalDate: timeOf(internalDate) }),
  };
}

/** Base64 in either alphabet, with or without its padding. */
function bytesOf(raw: string): Buffer {
  if (raw === '' || !/^[\w+/-]+={0,2}$/.test(raw.replaceAll(/\s/g, '')))
    throw new ControlError(400, '"raw" must be a mail in base64: base64 -w0 mail.eml');
  return Buffer.from(raw, 'base64');
}

function timeOf(text: string): number {
  const time = Date.parse(text);
  if (Number.isNaN(time))
    throw new ControlError(400, '"internalDate" must be a time such as 2026-11-01T08:00:00Z.');
  return time;
}
