import type { GmailMessage, MessagePart } from '../gmail.types';
import { type MailAddress, parseAddresses } from './mail-address';
import { decodeHeader, headerOf } from './mail-header';
import { bodyTexts } from './mail-body';

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
}

/**
 * Turns Gmail's message into ours. Mail is malformed in every way there is: whatever cannot be read is null or empty,
 * and nothing throws.
 *
 * @param withBodies whether the texts were read too
 */
export function toMessagePayload(message: GmailMessage, withBodies: boolean): MessagePayload {
  const headers = message.payload?.headers ?? [];
  return {
    from: parseAddresses(headerOf(headers, 'from'))[0] ?? null,
    to: parseAddresses(headerOf(headers, 'to')),
    cc: parseAddresses(headerOf(headers, 'cc')),
    subject: decodeHeader(headerOf(headers, 'subject') ?? ''),
    date: toTime(headerOf(headers, 'date')),
    snippet: message.snippet ?? '',
    rfc822MessageId: headerOf(headers, 'message-id')?.trim() || null,
    internalDate: toTime(Number(message.internalDate ?? Number.NaN)),
    sizeEstimate: message.sizeEstimate ?? 0,
    attachments: attachmentsOf(message.payload),
    ...(withBodies && bodyTexts(message.payload)),
  };
}

/** What is downloaded by an id of its own, or has a name: everything that a mail client lists below the text. */
function attachmentsOf(part: MessagePart | undefined): MessageAttachment[] {
  if (!part) return [];
  const own = part.filename || part.body?.attachmentId ? [toAttachment(part)] : [];
  return [...own, ...(part.parts ?? []).flatMap(attachmentsOf)];
}

function toAttachment({ filename, mimeType, body }: MessagePart): MessageAttachment {
  return {
    id: body?.attachmentId ?? null,
    name: decodeHeader(filename ?? ''),
    type: mimeType ?? 'application/octet-stream',
    size: body?.size ?? 0,
  };
}

function toTime(value: string | number | undefined): string | null {
  // A comment such as "(CET)" at the end of a Date header is more than Date can read in some of its forms.
  const date = new Date(
    typeof value === 'string' ? value.replace(/\s*\([^)]*\)\s*$/, '') : (value ?? Number.NaN),
  );
  return Number.isNaN(date.getTime()) ? null : date.toISOString();
}
