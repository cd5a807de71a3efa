const GONE = '[redacted]';

/** Names under which secrets travel, in headers, forms, queries and JSON. `code` and `state` only where no code of ours can stand. */
const NAMES =
  'authorization|cookie|access_?token|refresh_?token|id_?token|client_?secret|code_?verifier|secret|password|api_?key';

/** What a secret looks like wherever it stands; within JSON that is within a string, quotes of the string perhaps escaped. */
const PATTERNS: readonly (readonly [RegExp, string])[] = [
  // "name": "value", also as text within a string.
  [new RegExp(`(\\\\*"(?:${NAMES})\\\\*"\\s*:\\s*\\\\*")(?:[^"\\\\]|\\\\[^"])*`, 'gi'), `$1${GONE}`],
  // scheme://user:password@host, scheme://host/path?query, /path?name=value
  [/([a-z][a-z\d+.-]{0,20}:\/\/)[^\s/"'\\?#@]+@/gi, `$1${GONE}@`],
  [/([a-z][a-z\d+.-]{0,20}:\/\/[^\s"'\\<>?#]*)\?[^\s"'\\<>]*/gi, `$1?${GONE}`],
  [/\?[\w.~%-]+=[^\s"'\\<>]*/g, `?${GONE}`],
  // name=value of a form
  [new RegExp(`\\b(${NAMES}|code|state|token|key)=[^\\s&"'\\\\]+`, 'gi'), `$1=${GONE}`],
  [/\b(Bearer|Basic)\s+[\w.~+/=-]{8,}/gi, `$1 ${GONE}`],
  // Google's access tokens, refresh tokens and authorization codes; JWTs; one-time links; signing secrets and keys of ours.
  [/\bya29\.[\w.-]+/g, GONE],
  [/\b1(?:\/\/|%2F%2F)[\w-]{10,}/gi, GONE],
  [/\b4(?:\/|%2F)[\w-]{20,}/gi, GONE],
  [/\beyJ[\w-]{8,}\.[\w-]+(?:\.[\w-]*)?/g, GONE],
  [/(\/connect\/)[\w-]{20,}/g, `$1${GONE}`],
  [/\b(?:whsec|iwk|cnssec)_[\w+/=-]+/g, GONE],
];

/**
 * Takes out of a text whatever looks like a secret, and the secrets that are known.
 *
 * @param known secrets that look like nothing in particular, such as the API key of the settings
 */
export function redact(text: string, known: readonly string[] = []): string {
  const rest = known.reduce((left, secret) => left.replaceAll(secret, GONE), text);
  return PATTERNS.reduce((left, [pattern, instead]) => left.replaceAll(pattern, instead), rest);
}
