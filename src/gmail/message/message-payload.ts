import type { GmailMessage } from '../gmail.types';
import { type MailAddress, parseAddresses } from './mail-address';
import { bodyTexts } from './mail-body';
import { decodeHeader, headerOf } from './mail-header';
import { type MailPart, numberOf, partsOf, textOf } from './message-parts';
import { PAYLOAD_LIMITS as LIMITS, Shortener } from './payload-limits';

export interface MessageAttachment {
  id: string | null;
  name: string;
  type: string;
  size: number;
}

/** A message as `message.added` carries it. */
export interface MessagePayload {
  from: MailAddress | null;
  to: MailAddress[];
  cc: MailAddress[];
  subject: string;
  /** The Date header in RFC 3339, null when the mail has none that can be read. */
  date: string | null;
  snippet: string;
  rfc822MessageId: string | null;
  /** When Gmail received the message. */
  internalDate: string | null;
  sizeEstimate: number;
  attachments: MessageAttachment[];
  /** With `MESSAGE_PAYLOAD=full` only. */
  text?: string | null;
  html?: string | null;
  /** The fields that were shortened; left out when all of it is there. */
  truncated?: string[];
}

/**
 * Turns Gmail's message into ours. Mail is malformed in every way there is: whatever cannot be read is null or empty,
 * what is too long is shortened, and nothing throws.
 *
 * @param withBodies whether the texts were read too
 */
export function toMessagePayload(message: GmailMessage, withBodies: boolean): MessagePayload {
  const parts = partsOf(message);
  const shortener = new Shortener();
  const header = (name: string) => headerOf(parts[0].headers, name);
  const line = (field: string, text: string) => shortener.text(field, text, LIMITS.line);
  const addresses = (field: string) => {
    const value = header(field) ?? '';
    const readable = shortener.text(field, value, readableLength(value));
    const all = shortener.list(field, parseAddresses(readable), LIMITS.addresses);
    return all.map(({ name, address }) => ({ name: line(field, name), address: line(field, address) }));
  };
  const payload: MessagePayload = {
    from: addresses('from')[0] ?? null,
    to: addresses('to'),
    cc: addresses('cc'),
    subject: decodeHeader(line('subject', header('subject') ?? '')),
    date: toTime(withoutComment(header('date') ?? '')),
    snippet: line('snippet', textOf(message.snippet)),
    rfc822MessageId: line('rfc822MessageId', header('message-id')?.trim() ?? '') || null,
    internalDate: toTime(Number(message.internalDate ?? Number.NaN)),
    sizeEstimate: numberOf(message.sizeEstimate),
    attachments: shortener
      .list('attachments', parts.filter(isAttachment), LIMITS.attachments)
      .map((part) => toAttachment(part, (text) => line('attachments', text))),
  };
  if (withBodies) {
    const { text, html } = bodyTexts(parts);
    payload.text = shortener.text('text', text, LIMITS.body);
    payload.html = shortener.text('html', html, LIMITS.body);
  }
  const { truncated } = shortener;
  return truncated.length > 0 ? { ...payload, truncated } : payload;
}

/** How many characters of a header with addresses are read in reasonable time. */
function readableLength(header: string): number {
  return header.split(':', LIMITS.colons + 2).length > LIMITS.colons + 1
    ? LIMITS.groupedAddressHeader
    : LIMITS.addressHeader;
}

/** What is downloaded by an id of its own, or has a name: everything that a mail client lists below the text. */
function isAttachment({ filename, attachmentId }: MailPart): boolean {
  return filename !== '' || attachmentId !== undefined;
}

function toAttachment(
  { attachmentId, filename, mimeType, size }: MailPart,
  line: (text: string) => string,
): MessageAttachment {
  return {
    id: attachmentId ?? null,
    name: decodeHeader(line(filename)),
    type: line(mimeType) || 'application/octet-stream',
    size,
  };
}

/** A comment such as "(CET)" at the end of a Date header is more than Date can read in some of its forms. */
function withoutComment(date: string): string {
  const trimmed = date.slice(0, LIMITS.line).trim();
  const comment = trimmed.endsWith(')') ? trimmed.lastIndexOf('(') : -1;
  return comment === -1 ? trimmed : trimmed.slice(0, comment);
}

/** RFC 3339, which knows the years 0 to 9999 only. */
function toTime(value: string | number): string | null {
  const date = new Date(value);
  const year = date.getUTCFullYear();
  return year >= 0 && year <= 9999 ? date.toISOString() : null;
}
