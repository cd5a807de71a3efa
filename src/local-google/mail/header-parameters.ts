import { decodeText } from './charset';
import { decodeWords } from './encoded-words';

export interface ParameterizedHeader {
  /** `text/plain`, `attachment`, … lower case. */
  value: string;
  parameters: ReadonlyMap<string, string>;
}

const PARAMETER = /;\s*([^\s=;]+)\s*=\s*(?:"((?:[^"\\]|\\.)*)"?|([^;]*))/g;

/** Reads `value; name=value; name*0*=…` as of RFC 2045 and RFC 2231, tolerating what senders make of them. */
export function readParameters(header: string | null): ParameterizedHeader {
  const text = header ?? '';
  const raw = new Map<string, string>();
  for (const [, name = '', quoted, bare = ''] of text.matchAll(PARAMETER))
    raw.set(name.toLowerCase(), quoted === undefined ? bare.trim() : quoted.replaceAll(/\\(.)/g, '$1'));
  const names = new Set([...raw.keys()].map((name) => name.replace(/\*.*$/, '')));
  return {
    value: (text.split(';')[0] ?? '').trim().toLowerCase(),
    parameters: new Map([...names].map((name) => [name, joined(name, raw)])),
  };
}

function joined(name: string, raw: ReadonlyMap<string, string>): string {
  const extended = raw.get(`${name}*`);
  if (extended !== undefined) return decodeExtended([{ text: extended, encoded: true }]);
  const pieces: { text: string; encoded: boolean }[] = [];
  for (let i = 0; raw.has(`${name}*${i}`) || raw.has(`${name}*${i}*`); i += 1) {
    const encoded = raw.get(`${name}*${i}*`);
    pieces.push({ text: encoded ?? raw.get(`${name}*${i}`) ?? '', encoded: encoded !== undefined });
  }
  return pieces.length > 0 ? decodeExtended(pieces) : decodeWords(raw.get(name) ?? '');
}

function decodeExtended(pieces: { text: string; encoded: boolean }[]): string {
  const first = /^([^']*)'[^']*'(.*)$/s.exec(pieces[0]?.text ?? '');
  const charset = pieces[0]?.encoded && first !== null ? (first[1] ?? null) : null;
  const texts = pieces.map(({ text, encoded }, i) => {
    const content = i === 0 && charset !== null ? (first?.[2] ?? '') : text;
    return encoded ? percentBytes(content) : Buffer.from(content, 'utf8');
  });
  return decodeText(Buffer.concat(texts), charset === '' ? null : charset);
}

function percentBytes(text: string): Buffer {
  const latin = text.replaceAll(/%([0-9A-Fa-f]{2})/g, (_, hex: string) =>
    String.fromCharCode(parseInt(hex, 16)),
  );
  return Buffer.from(latin, 'latin1');
}
