import { decodeWords } from 'postal-mime';

export interface MailHeader {
  name: string;
  value: string;
}

/** The first header of that name (RFC 5322 allows one of each that is read here; a second is ignored). */
export function headerOf(headers: MailHeader[], name: string): string | undefined {
  return headers.find((header) => header.name.toLowerCase() === name)?.value;
}

/** Decodes the encoded words (RFC 2047) of a header and unfolds it; text that is not encoded stays as it is. */
export function decodeHeader(text: string): string {
  const unfolded = text.replace(/\r?\n(?=[ \t])/g, '');
  try {
    return decodeWords(unfolded).trim();
  } catch {
    return unfolded.trim();
  }
}
