import { decodeText } from './charset';
import { unquote } from './transfer-encoding';

const WORD = /=\?([^?\s*]+)(?:\*[^?]*)?\?([BbQq])\?([^?]*)\?=(?:\s+(?==\?))?/g;

/** Decodes RFC 2047 words within a header value. */
export function decodeWords(value: string): string {
  return value.replaceAll(WORD, (_, charset: string, kind: string, text: string) => {
    const base64 = kind.toUpperCase() === 'B';
    const bytes = base64
      ? Buffer.from(text, 'base64')
      : Buffer.from(unquote(text.replaceAll('_', '=20')), 'latin1');
    return decodeText(bytes, charset);
  });
}
