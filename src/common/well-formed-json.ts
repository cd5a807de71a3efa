/**
 * JSON that every reader accepts: mail can hold NUL characters and halves of surrogate pairs, which PostgreSQL's JSON
 * functions and strict parsers refuse. Both become U+FFFD, the replacement character.
 */
export function wellFormedJson(value: unknown): string {
  return JSON.stringify(value, (_key, part: unknown) =>
    typeof part === 'string' ? part.replaceAll('\0', '\ufffd').toWellFormed() : part,
  );
}
