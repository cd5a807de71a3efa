import { decodeText } from '../mail/charset';
import type { MailHeader } from '../mail/header-block';
import type { MimePart } from '../mail/mime-part';
import type { StoredMessage } from '../mailbox/stored-message';
import { newAttachmentId } from './attachment-id';

interface BodyOptions {
  /** Texts keep their charset. */
  originalCharsets?: boolean;
  /** Texts have an attachment id instead of their bytes. */
  externalTexts?: boolean;
}

export type MessageFormat = 'minimal' | 'metadata' | 'full' | 'raw';

/** The `Message` resource: https://developers.google.com/workspace/gmail/api/reference/rest/v1/users.messages#Message */
export function messageResource(
  message: StoredMessage,
  format: MessageFormat,
  options: { metadataHeaders?: readonly string[] } & BodyOptions = {},
): object {
  const common = {
    id: message.id,
    threadId: message.threadId,
    ...labelsOf(message),
    snippet: message.snippet,
  };
  const end = {
    sizeEstimate: message.raw.length,
    historyId: String(message.historyId),
    internalDate: String(message.internalDate),
  };
  switch (format) {
    case 'minimal':
      return { ...common, ...end };
    case 'raw':
      return { ...common, ...end, raw: webSafe(message.raw) };
    case 'metadata':
      return { ...common, payload: metadataPayload(message.mail, options.metadataHeaders ?? []), ...end };
    case 'full': {
      const attachmentId = (part: MimePart): string => newAttachmentId(message.id, part.partId);
      const payload = payloadOf(message.mail, attachmentId, options);
      return { ...common, payload, ...end };
    }
  }
}

export function briefResource(message: StoredMessage): object {
  return { id: message.id, threadId: message.threadId, ...labelsOf(message) };
}

/** Base64 in the URL alphabet, padded, as Google writes bytes. */
export function webSafe(bytes: Buffer): string {
  return bytes.toString('base64').replaceAll('+', '-').replaceAll('/', '_');
}

/** Empty lists are left out of Google's JSON. */
function labelsOf(message: StoredMessage): object {
  return message.labelIds.size > 0 ? { labelIds: [...message.labelIds] } : {};
}

function metadataPayload(mail: MimePart, wanted: readonly string[]): object {
  const names = new Set(wanted.map((name) => name.toLowerCase()));
  const headers = mail.headers.filter(({ name }) => names.size === 0 || names.has(name.toLowerCase()));
  return { mimeType: mail.mimeType, ...nonEmptyHeaders(headers) };
}

function payloadOf(part: MimePart, attachmentId: (part: MimePart) => string, options: BodyOptions): object {
  return {
    partId: part.partId,
    mimeType: part.mimeType,
    filename: part.filename,
    ...nonEmptyHeaders(part.headers),
    body: bodyOf(part, attachmentId, options),
    ...(part.parts.length > 0
      ? { parts: part.parts.map((child) => payloadOf(child, attachmentId, options)) }
      : {}),
  };
}

/** Named parts and what is not text are fetched by their attachment id; texts come within, in UTF-8. */
function bodyOf(part: MimePart, attachmentId: (part: MimePart) => string, options: BodyOptions): object {
  const isContainer = part.parts.length > 0 && part.mimeType !== 'message/rfc822';
  if (isContainer || part.content.length === 0) return { size: 0 };
  const isText = part.mimeType.startsWith('text/') && part.filename === '';
  if (!isText || options.externalTexts)
    return { attachmentId: attachmentId(part), size: part.content.length };
  const content = options.originalCharsets
    ? part.content
    : Buffer.from(decodeText(part.content, part.charset), 'utf8');
  return { size: content.length, data: webSafe(content) };
}

function nonEmptyHeaders(headers: readonly MailHeader[]): object {
  return headers.length > 0 ? { headers: headers.map(({ name, value }) => ({ name, value })) } : {};
}
