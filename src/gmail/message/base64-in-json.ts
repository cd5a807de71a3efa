/** How far into a response the bytes begin at the latest: only a few short fields come before them. */
const MAX_HEAD_LENGTH = 64 * 1024;

/** What ends the base64, as far as it has come: padding, which JSON may escape, and the quote. */
const PADDING = /^(=|\\u003d)*"/i;
const MAX_PADDING_LENGTH = 16;

/**
 * Decodes the base64url text of one field of a JSON object while it comes, so that no more than a piece of it is ever in
 * memory. Gmail answers attachments and raw mails like this: `{"size": 5, "data": "aGVsbG8="}`.
 *
 * @param pieces the JSON, in pieces as they come
 * @param field the name of the field; no string in front of it may hold this name within escaped quotes
 * @yields the bytes; none when the object has no such field
 * @throws Error when the text is no such JSON, or ends too early
 */
export async function* base64InJson(
  pieces: AsyncIterable<Uint8Array>,
  field: string,
): AsyncGenerator<Buffer> {
  const start = new RegExp(`"${field}"\\s*:\\s*"`);
  let head = '';
  /** The text that could not be decoded yet; undefined before the field. */
  let rest: string | undefined;
  /** What follows the base64. */
  let tail: string | undefined;
  for await (const piece of pieces) {
    const text = Buffer.from(piece.buffer, piece.byteOffset, piece.byteLength).toString('latin1');
    if (tail !== undefined) {
      if (tail.length < MAX_PADDING_LENGTH) tail += text;
      continue;
    }
    if (rest === undefined) {
      head += text;
      const found = start.exec(head);
      if (!found && head.length > MAX_HEAD_LENGTH)
        throw new Error(`there is no "${field}" where it should be`);
      if (!found) continue;
      rest = head.slice(found.index + found[0].length);
    } else rest += text;
    const end = rest.search(/[^\w+/-]/);
    if (end >= 0) tail = rest.slice(end);
    // Four characters are three bytes: what is left over waits for the next piece.
    const whole = end >= 0 ? end : rest.length - (rest.length % 4);
    if (whole > 0) yield Buffer.from(rest.slice(0, whole), 'base64url');
    rest = rest.slice(whole);
  }
  if (rest === undefined) requireObject(head, field);
  else if (!PADDING.test(tail ?? '')) throw new Error(`"${field}" ends too early`);
}

/** Google leaves out what is empty. */
function requireObject(json: string, field: string): void {
  const value: unknown = JSON.parse(json);
  if (typeof value !== 'object' || value === null || field in value || 'error' in value)
    throw new Error(`"${field}" is no base64 in a JSON object`);
}
