import { decodeWords } from 'postal-mime';

export interface MailHeader {
  name: string;
  value: string;
}

/** The first header of that name (RFC 5322 allows one of each that is read here; a second is ignored). */
export function headerOf(headers: MailHeader[], name: string): string | undefined {
  return headers.find((header) => header.name.toLowerCase() === name)?.value;
}

/** The values of all headers by their lower-case names, each name's in their order. */
export function headersByName(headers: MailHeader[]): ReadonlyMap<string, string[]> {
  const byName = new Map<string, string[]>();
  for (const { name, value } of headers) {
    const key = name.toLowerCase();
    const values = byName.get(key);
    if (values) values.push(value);
    else byName.set(key, [value]);
  }
  return byName;
}

/** A header in one line. */
export function unfold(text: string): string {
  return text.replace(/\r?\n(?=[ \t])/g, '');
}

/**
 * Decodes the encoded words (RFC 2047) of a header and unfolds it; text that is not encoded stays as it is. A line break is a
 * space, encoded ones too: whoever writes the text into another header must not write two.
 */
export function decodeHeader(text: string): string {
  return decodeEncodedWords(unfold(text))
    .replace(/[\r\n]+/g, ' ')
    .trim();
}

/** An encoded word in which a question mark is not encoded, as simple mail programs write it. No word is longer than a line. */
const OPEN_QUESTION = /=\?([^?\s]{1,60}\?q\?)((?:[^?\s]|\?(?!=)){1,1000})\?=/gi;

function decodeEncodedWords(text: string): string {
  const words = text.replace(
    OPEN_QUESTION,
    (_word, start: string, content: string) => `=?${start}${content.replaceAll('?', '=3F')}?=`,
  );
  try {
    return decodeWords(words);
  } catch {
    return text;
  }
}

/**
 * The message ids of a header (RFC 5322 section 3.6.4), in their angle brackets. Long ones are folded in the middle by some
 * mail programs, or written as encoded words; others leave the brackets out.
 */
export function messageIdsIn(header: string): string[] {
  const text = header.includes('=?') ? decodeHeader(header) : header;
  const bracketed = text.match(/<[^<>]+>/g)?.map((id) => id.replace(/\s+/g, '')) ?? [];
  return bracketed.length > 0 ? bracketed : text.split(/[\s,<>]+/).filter((id) => id !== '');
}
