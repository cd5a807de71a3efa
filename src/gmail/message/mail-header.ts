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

/** Decodes the encoded words (RFC 2047) of a header and unfolds it; text that is not encoded stays as it is. */
export function decodeHeader(text: string): string {
  const unfolded = unfold(text);
  try {
    return decodeWords(unfolded).trim();
  } catch {
    return unfolded.trim();
  }
}

/**
 * The message ids of a header (RFC 5322 section 3.6.4), in their angle brackets. Long ones are folded in the middle by some
 * mail programs; others leave the brackets out.
 */
export function messageIdsIn(header: string): string[] {
  const bracketed = header.match(/<[^<>]+>/g)?.map((id) => id.replace(/\s+/g, '')) ?? [];
  return bracketed.length > 0 ? bracketed : header.split(/[\s,<>]+/).filter((id) => id !== '');
}
