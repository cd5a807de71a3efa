import type { GmailMessage } from '../gmail.types';
import { headerOf, type MailHeader } from './mail-header';

/** A part of a mail with every field in its place, whatever Gmail's response lacked. */
export interface MailPart {
  headers: MailHeader[];
  mimeType: string;
  filename: string;
  attachmentId: string | undefined;
  size: number;
  /** In base64url; undefined when the bytes did not come with the message. */
  data: string | undefined;
  /** In how many other parts it stands. */
  depth: number;
  /** It stands within an attached mail. */
  inAttachedMail: boolean;
}

type Fields = Record<string, unknown>;

/** A part as Gmail gave it, and where it stands. */
interface PlacedPart {
  fields: Fields;
  depth: number;
  inAttachedMail: boolean;
}

/**
 * The parts of a message as a list: each one before those within it, in their order. What does not have its documented type
 * counts as not there. Never throws.
 *
 * @returns at least one part: that of the message itself
 */
export function partsOf(message: GmailMessage): [MailPart, ...MailPart[]] {
  const [root, ...others] = [...placedParts(message)].map(toPart);
  return [root!, ...others];
}

/** A text that is read by itself. `data` takes its bytes, in base64url. */
export interface ExternalText {
  attachmentId: string;
  body: { data?: string };
}

/** The texts of the mail itself whose bytes did not come with the message, since they are very large. */
export function externalTexts(message: GmailMessage): ExternalText[] {
  return [...placedParts(message)].flatMap((placed) => {
    const part = toPart(placed);
    const { attachmentId, data } = part;
    const isMissing = attachmentId !== undefined && data === undefined;
    return isMissing && isOwnText(part) ? [{ attachmentId, body: fieldsOf(placed.fields.body) }] : [];
  });
}

/** A part that a mail client shows as text, and not as an attachment. */
export function isText(part: MailPart): boolean {
  return /^text\/(plain|html)$/i.test(part.mimeType) && !isMarkedAsAttachment(part);
}

/**
 * By its sender, with a word or with a file name. What is all of the mail is its text nevertheless, unless it is so large
 * that it has to be downloaded.
 */
export function isMarkedAsAttachment({ depth, attachmentId, headers, filename }: MailPart): boolean {
  const canBe = depth > 0 || attachmentId !== undefined;
  const disposition = headerOf(headers, 'content-disposition') ?? '';
  return canBe && (filename !== '' || /^\s*attachment\b/i.test(disposition));
}

/** Shown within the text: its sender says so, or gives it an id by which the text can name it and does not say otherwise. */
export function isInline(part: MailPart): boolean {
  const disposition = /^\s*([\w-]+)/.exec(headerOf(part.headers, 'content-disposition') ?? '')?.[1];
  if (disposition === undefined) return contentIdOf(part) !== '';
  return disposition.toLowerCase() === 'inline';
}

/** Without its angle brackets; '' when there is none. */
export function contentIdOf({ headers }: MailPart): string {
  return (headerOf(headers, 'content-id') ?? '').replace(/[<>\s]/g, '');
}

/** The same, unless it belongs to an attached mail. */
export function isOwnText(part: MailPart): boolean {
  return isText(part) && !part.inAttachedMail;
}

/** Without recursion, since nothing limits how deep mail is nested. */
function* placedParts({ payload }: GmailMessage): Generator<PlacedPart> {
  const waiting: PlacedPart[] = [{ fields: fieldsOf(payload), depth: 0, inAttachedMail: false }];
  for (let part = waiting.pop(); part; part = waiting.pop()) {
    yield part;
    const { depth, fields } = part;
    const inAttachedMail = part.inAttachedMail || ATTACHED_MAIL.test(textOf(fields.mimeType));
    // The last one first: they are taken from a stack.
    for (const child of childrenOf(fields).reverse())
      waiting.push({ fields: child, depth: depth + 1, inAttachedMail });
  }
}

/** RFC 2046 section 5.2.1, for mail in UTF-8 RFC 6532 section 3.7, and what reports of delivery hold (RFC 3464 section 2.1). */
const ATTACHED_MAIL = /^message\//i;

function childrenOf({ parts }: Fields): Fields[] {
  return Array.isArray(parts) ? parts.map(fieldsOf) : [];
}

function toPart({ fields, depth, inAttachedMail }: PlacedPart): MailPart {
  const { headers, mimeType, filename, body } = fields;
  const { attachmentId, size, data } = fieldsOf(body);
  return {
    headers: Array.isArray(headers) ? headers.map(fieldsOf).filter(isHeader) : [],
    mimeType: textOf(mimeType),
    filename: textOf(filename),
    attachmentId: textOf(attachmentId) || undefined,
    size: numberOf(size),
    data: typeof data === 'string' ? data : undefined,
    depth,
    inAttachedMail,
  };
}

function fieldsOf(value: unknown): Fields {
  return typeof value === 'object' && value !== null ? (value as Fields) : {};
}

function isHeader(fields: Fields): fields is Fields & MailHeader {
  return typeof fields.name === 'string' && typeof fields.value === 'string';
}

/** The value when it is text; else ''. */
export function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

/** The value when it is a number; else 0. */
export function numberOf(value: unknown): number {
  return Number.isFinite(value) ? (value as number) : 0;
}
