import { readParameters } from './header-parameters';
import { headerValue, splitMail, type MailHeader } from './header-block';
import { splitMultipart } from './multipart';
import { decodeTransfer } from './transfer-encoding';

export interface MimePart {
  /** '' for the mail itself, then `0`, `1`, `1.0`, … */
  partId: string;
  headers: MailHeader[];
  mimeType: string;
  charset: string | null;
  filename: string;
  content: Buffer;
  parts: MimePart[];
}

const DEEPEST = 20;

/** A mail as a tree. It knows only what a server needs to take mail apart, and survives any input. */
export function parseMail(raw: Buffer): MimePart {
  return parsePart(raw.toString('latin1'), '', 'text/plain', 0);
}

function parsePart(bytes: string, partId: string, defaultType: string, depth: number): MimePart {
  const { headers, body: encoded } = splitMail(bytes);
  const type = readParameters(headerValue(headers, 'content-type'));
  const disposition = readParameters(headerValue(headers, 'content-disposition'));
  const mimeType = /^[^\s/]+\/[^\s/]+$/.test(type.value) ? type.value : defaultType;
  const encoding = headerValue(headers, 'content-transfer-encoding');
  const body = mimeType === 'message/rfc822' ? decodeTransfer(encoded, encoding).toString('latin1') : encoded;
  const filename = disposition.parameters.get('filename') ?? type.parameters.get('name') ?? '';
  const part: MimePart = {
    partId,
    headers,
    mimeType,
    charset: type.parameters.get('charset') ?? null,
    filename,
    content: Buffer.alloc(0),
    parts: [],
  };
  const sections = depth < DEEPEST ? sectionsOf(mimeType, type.parameters.get('boundary'), body) : null;
  if (sections === null) part.content = decodeTransfer(body, encoding);
  const childType = mimeType === 'multipart/digest' ? 'message/rfc822' : 'text/plain';
  part.parts = (sections ?? []).map((section, i) =>
    parsePart(section, partId === '' ? String(i) : `${partId}.${i}`, childType, depth + 1),
  );
  return mimeType === 'message/rfc822' && sections !== null ? attachedMail(part, body) : part;
}

function sectionsOf(mimeType: string, boundary: string | undefined, body: string): string[] | null {
  if (mimeType === 'message/rfc822') return [body];
  if (!mimeType.startsWith('multipart/') || !boundary) return null;
  const sections = splitMultipart(body, boundary);
  return sections.length > 0 ? sections : null;
}

/** Gmail offers an attached mail as an attachment and as a subtree; one without a name is called `noname.eml`. */
function attachedMail(part: MimePart, body: string): MimePart {
  return { ...part, filename: part.filename || 'noname.eml', content: Buffer.from(body, 'latin1') };
}

export function* leaves(part: MimePart): Generator<MimePart> {
  if (part.parts.length === 0) yield part;
  for (const child of part.parts) yield* leaves(child);
}

export function* allParts(part: MimePart): Generator<MimePart> {
  yield part;
  for (const child of part.parts) yield* allParts(child);
}
