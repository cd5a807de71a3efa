import { headerOf } from './mail-header';
import { isOwnText, type MailPart } from './message-parts';

/** Charsets whose bytes are all ASCII, so that valid UTF-8 proves nothing. */
const SEVEN_BIT = /^(iso-2022|hz|utf-7)/i;

export interface BodyTexts {
  text: string | null;
  html: string | null;
  /** Of which of the two there is more, which was not read. */
  incomplete: ('text' | 'html')[];
}

type ReadPart = MailPart & { data: string };

/** The texts of a message itself, without those of attachments: parts of the same type are joined in their order. */
export function bodyTexts(parts: MailPart[]): BodyTexts {
  const texts = parts.filter(isOwnText);
  const ofType = (type: string) => texts.filter(({ mimeType }) => mimeType.toLowerCase() === type);
  const join = (type: string) => {
    const read = ofType(type).filter((part): part is ReadPart => part.data !== undefined);
    return read.length > 0 ? read.map(decodePart).join('\n') : null;
  };
  const isIncomplete = (type: string) =>
    ofType(type).some(({ data, attachmentId }) => data === undefined && attachmentId !== undefined);
  return {
    text: join('text/plain'),
    html: join('text/html'),
    incomplete: [
      ...(isIncomplete('text/plain') ? (['text'] as const) : []),
      ...(isIncomplete('text/html') ? (['html'] as const) : []),
    ],
  };
}

/** Gmail undoes the transfer encoding and, mostly, the charset: what is no UTF-8 is read by the charset of its header. */
function decodePart({ data, headers }: ReadPart): string {
  const bytes = Buffer.from(data, 'base64url');
  const type = headerOf(headers, 'content-type') ?? '';
  const charset = /;\s*charset\s*=\s*["']?([^"';\s]+)/i.exec(type)?.[1] ?? 'utf-8';
  const utf8 = isCertainlyIn(charset, bytes) ? undefined : decode('utf-8', bytes, true);
  // One wrong byte does not make all of it unreadable.
  return utf8 ?? decode(charset, bytes, true) ?? decode(charset, bytes, false) ?? bytes.toString('utf8');
}

/** Its bytes are valid UTF-8, and yet not meant so: escapes, or the zeros of ASCII in UTF-16. */
function isCertainlyIn(charset: string, bytes: Buffer): boolean {
  return (
    (SEVEN_BIT.test(charset) && bytes.includes(0x1b)) || (/^utf-?16/i.test(charset) && bytes.includes(0))
  );
}

function decode(charset: string, bytes: Buffer, fatal: boolean): string | undefined {
  try {
    return new TextDecoder(charset, { fatal }).decode(bytes);
  } catch {
    return undefined;
  }
}
