import type { GmailMessage } from '../gmail.types';

export interface MailHeader {
  name: string;
  value: string;
}

/** A part of a mail with every field in its place, whatever Gmail's answer lacked. */
export interface MailPart {
  headers: MailHeader[];
  mimeType: string;
  filename: string;
  attachmentId: string | undefined;
  size: number;
  /** In base64url; undefined when the bytes did not come with the message. */
  data: string | undefined;
}

type Fields = Record<string, unknown>;

/**
 * The parts of a message as a list: each one before those within it, in their order. Without recursion, since nothing
 * limits how deep mail is nested. What does not have its documented type counts as not there. Never throws.
 *
 * @returns at least one part: that of the message itself
 */
export function partsOf(message: GmailMessage): [MailPart, ...MailPart[]] {
  const root = fieldsOf(message.payload);
  const parts: [MailPart, ...MailPart[]] = [toPart(root)];
  const waiting = childrenOf(root);
  for (let next = waiting.pop(); next; next = waiting.pop()) {
    parts.push(toPart(next));
    for (const child of childrenOf(next)) waiting.push(child);
  }
  return parts;
}

/** The last one first: they are taken from a stack. */
function childrenOf({ parts }: Fields): Fields[] {
  return Array.isArray(parts) ? parts.map(fieldsOf).reverse() : [];
}

function toPart({ headers, mimeType, filename, body }: Fields): MailPart {
  const { attachmentId, size, data } = fieldsOf(body);
  return {
    headers: Array.isArray(headers) ? headers.map(fieldsOf).filter(isHeader) : [],
    mimeType: textOf(mimeType),
    filename: textOf(filename),
    attachmentId: textOf(attachmentId) || undefined,
    size: numberOf(size),
    data: typeof data === 'string' ? data : undefined,
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
