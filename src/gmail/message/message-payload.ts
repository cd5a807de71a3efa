import type { GmailMessage } from '../gmail.types';
import { decodeEntities } from './html-entities';
import { type MailAddress, parseAddresses } from './mail-address';
import { bodyTexts } from './mail-body';
import { parseMailDate } from './mail-date';
import { decodeHeader, headerOf } from './mail-header';
import { MAX_DEPTH } from './message-fields';
import { isMarkedAsAttachment, isText, type MailPart, numberOf, partsOf, textOf } from './message-parts';
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
    const readable = shortener.text(field, value, LIMITS.addressHeader);
    const all = shortener.list(field, parseAddresses(readable, LIMITS.addresses + 1), LIMITS.addresses);
    return all.map(({ name, address }) => ({
      name: line(field, name),
      address: address && line(field, address),
    }));
  };
  const payload: MessagePayload = {
    from: senderOf(addresses('from')),
    to: addresses('to'),
    cc: addresses('cc'),
    subject: decodeHeader(line('subject', header('subject') ?? '')),
    date: toTime(parseMailDate((header('date') ?? '').slice(0, LIMITS.line))),
    snippet: line(
      'snippet',
      decodeEntities(shortener.text('snippet', textOf(message.snippet), LIMITS.encodedLine)),
    ),
    rfc822MessageId: line('rfc822MessageId', header('message-id')?.trim() ?? '') || null,
    internalDate: toTime(new Date(Number(message.internalDate ?? Number.NaN))),
    sizeEstimate: numberOf(message.sizeEstimate),
    attachments: shortener
      .list('attachments', parts.filter(isAttachment), LIMITS.attachments)
      .map((part) => toAttachment(part, (text) => line('attachments', text))),
  };
  if (withBodies) Object.assign(payload, textsOf(parts, shortener));
  if (!withBodies && parts.some(({ depth }) => depth > MAX_DEPTH)) shortener.mark('attachments');
  const { truncated } = shortener;
  return truncated.length > 0 ? { ...payload, truncated } : payload;
}

function textsOf(parts: MailPart[], shortener: Shortener): Pick<MessagePayload, 'text' | 'html'> {
  const { text, html, incomplete } = bodyTexts(parts);
  for (const field of incomplete) shortener.mark(field);
  return {
    text: shortener.text('text', text, LIMITS.body),
    html: shortener.text('html', html, LIMITS.body),
  };
}

/** The first one with an address: others in front of it are words that nobody quoted. */
function senderOf(addresses: MailAddress[]): MailAddress | null {
  return addresses.find(({ address }) => address !== null) ?? addresses[0] ?? null;
}

/** What has a name, is marked so, or is downloaded by an id and no text: everything that a mail client lists below the text. */
function isAttachment(part: MailPart): boolean {
  return (
    part.filename !== '' || isMarkedAsAttachment(part) || (part.attachmentId !== undefined && !isText(part))
  );
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

/** RFC 3339, which knows the years 0 to 9999 only. */
function toTime(date: Date | null): string | null {
  const year = date?.getUTCFullYear() ?? Number.NaN;
  return year >= 0 && year <= 9999 ? date!.toISOString() : null;
}
