import { headerOf } from './mail-header';
import type { MailPart } from './message-parts';

/** Charsets whose bytes are all ASCII, so that valid UTF-8 proves nothing. */
const SEVEN_BIT = /^(iso-2022|hz|utf-7)/i;

export interface BodyTexts {
  text: string | null;
  html: string | null;
}

type TextPart = MailPart & { data: string };

/** The texts of a message, without those of attachments: parts of the same type are joined in their order. */
export function bodyTexts(parts: MailPart[]): BodyTexts {
  const join = (type: string) => {
    const texts = parts.filter(isText).filter(({ mimeType }) => mimeType.toLowerCase() === type);
    return texts.length > 0 ? texts.map(decodePart).join('\n') : null;
  };
  return { text: join('text/plain'), html: join('text/html') };
}

function isText(part: MailPart): part is TextPart {
  return part.data !== undefined && !part.filename && !part.attachmentId;
}

/** Gmail undoes the transfer encoding and, mostly, the charset: what is no UTF-8 is read by the charset of its header. */
function decodePart({ data, headers }: TextPart): string {
  const bytes = Buffer.from(data, 'base64url');
  const type = headerOf(headers, 'content-type') ?? '';
  const charset = /charset\s*=\s*"?([^";\s]+)/i.exec(type)?.[1] ?? 'utf-8';
  const utf8 = SEVEN_BIT.test(charset) && bytes.includes(0x1b) ? undefined : decode('utf-8', bytes);
  return utf8 ?? decode(charset, bytes) ?? bytes.toString('utf8');
}

function decode(charset: string, bytes: Buffer): string | undefined {
  try {
    return new TextDecoder(charset, { fatal: true }).decode(bytes);
  } catch {
    return undefined;
  }
}
