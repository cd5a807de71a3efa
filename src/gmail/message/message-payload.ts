import type { GmailMessage } from '../gmail.types';
import { decodeEntities } from './html-entities';
import { bodyTexts } from './mail-body';
import { decodeHeader } from './mail-header';
import { MAX_DEPTH } from './message-fields';
import { type HeaderFields, headerFields, toTime } from './message-headers';
import {
  contentIdOf,
  isInline,
  isMarkedAsAttachment,
  isText,
  type MailPart,
  numberOf,
  partsOf,
  textOf,
} from './message-parts';
import { PAYLOAD_LIMITS as LIMITS, Shortener } from './payload-limits';

export interface MessageAttachment {
  id: string | null;
  name: string;
  type: string;
  size: number;
  /** Shown within the text, and not listed below it. */
  inline: boolean;
  /** Without its angle brackets: what `cid:` names in the text. */
  contentId: string | null;
}

/** A message as `message.added` carries it. */
export interface MessagePayload extends HeaderFields {
  snippet: string;
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
 * @param headerNames those of `MESSAGE_HEADERS`, in lower case
 */
export function toMessagePayload(
  message: GmailMessage,
  withBodies: boolean,
  headerNames: readonly string[] = [],
): MessagePayload {
  const parts = partsOf(message);
  const shortener = new Shortener();
  const line = (field: string, text: string) => shortener.text(field, text, LIMITS.line);
  const { headers, ...fields } = headerFields(parts[0].headers, headerNames, shortener);
  const payload: MessagePayload = {
    ...fields,
    snippet: line(
      'snippet',
      decodeEntities(shortener.text('snippet', textOf(message.snippet), LIMITS.encodedLine)),
    ),
    internalDate: toTime(new Date(Number(message.internalDate ?? Number.NaN))),
    sizeEstimate: numberOf(message.sizeEstimate),
    attachments: shortener
      .list('attachments', parts.filter(isAttachment), LIMITS.attachments)
      .map((part) => toAttachment(part, (text) => line('attachments', text))),
    headers,
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

/**
 * What has a name, is marked so, or is downloaded by an id and no text: everything that a mail client lists below the text. And an
 * invitation, which Outlook sends without any of these, and often without a text.
 */
function isAttachment(part: MailPart): boolean {
  const { filename, attachmentId, mimeType } = part;
  if (isText(part)) return false;
  return (
    filename !== '' || attachmentId !== undefined || INVITATION.test(mimeType) || isMarkedAsAttachment(part)
  );
}

/** RFC 5545, sent as by RFC 6047. */
const INVITATION = /^text\/calendar$/i;

function toAttachment(part: MailPart, line: (text: string) => string): MessageAttachment {
  const { attachmentId, filename, mimeType, size } = part;
  return {
    id: attachmentId ?? null,
    name: decodeHeader(line(filename)),
    type: line(mimeType) || 'application/octet-stream',
    size,
    inline: isInline(part),
    contentId: line(contentIdOf(part)) || null,
  };
}
