import { escapeHtml } from '../http/exchange';
import { decodeText } from './charset';
import { leaves, type MimePart } from './mime-part';

const MAX_LENGTH = 200;

/** The first words of a mail, with HTML entities escaped, as Gmail's `snippet` has them. */
export function snippetOf(mail: MimePart): string {
  const texts = [...leaves(mail)].filter((part) => part.filename === '');
  const plain = texts.find((part) => part.mimeType === 'text/plain' && part.content.length > 0);
  const source = plain ?? texts.find((part) => part.mimeType === 'text/html');
  if (source === undefined) return '';
  const text = decodeText(source.content.subarray(0, 20_000), source.charset);
  return escapeHtml(shorten(source.mimeType === 'text/html' ? withoutMarkup(text) : text));
}

function shorten(text: string): string {
  const words = text.replaceAll(/\s+/g, ' ').trim();
  return words.length <= MAX_LENGTH ? words : words.slice(0, MAX_LENGTH).replace(/ \S*$/, '');
}

function withoutMarkup(text: string): string {
  return text
    .replaceAll(/<(style|script|head)\b[\s\S]*?<\/\1>/gi, ' ')
    .replaceAll(/<[^>]*>/g, ' ')
    .replaceAll('&nbsp;', ' ')
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&quot;', '"')
    .replaceAll('&#39;', "'")
    .replaceAll('&amp;', '&');
}
