/** Shorter texts occur in any answer: to mask them would say more of them than it hides. */
const MIN_LENGTH = 4;

const MASK = '***';

/**
 * Takes the values of an endpoint's headers out of what its receiver has answered: some receivers answer with the request. A
 * value also counts without its scheme (`Bearer`), escaped as in JSON, and cut off at the end of the text.
 */
export function maskValues(text: string, values: readonly string[]): string {
  const secrets = [...new Set(values.flatMap(spellings))].filter(({ length }) => length >= MIN_LENGTH);
  // The longest first, or a part of one would be left.
  secrets.sort((one, other) => other.length - one.length);
  return secrets.reduce((masked, secret) => maskEnd(masked.replaceAll(secret, MASK), secret), text);
}

function spellings(value: string): string[] {
  const parts = [value, ...value.split(' ')];
  return parts.flatMap((part) => [part, JSON.stringify(part).slice(1, -1)]);
}

/** The text may have been cut in the middle of the secret. */
function maskEnd(text: string, secret: string): string {
  for (let length = Math.min(secret.length - 1, text.length); length >= MIN_LENGTH; length -= 1)
    if (text.endsWith(secret.slice(0, length))) return text.slice(0, -length) + MASK;
  return text;
}
