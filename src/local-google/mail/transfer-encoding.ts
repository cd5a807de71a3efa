/** Undoes a Content-Transfer-Encoding; broken input gives what can be saved of it. */
export function decodeTransfer(body: string, encoding: string | null): Buffer {
  const name = /^[\w-]+/.exec((encoding ?? '').trim().toLowerCase())?.[0];
  if (name === 'base64') return Buffer.from(body.replaceAll(/[^A-Za-z0-9+/]/g, ''), 'base64');
  if (name === 'quoted-printable') return Buffer.from(unquote(body), 'latin1');
  return Buffer.from(body, 'latin1');
}

export function unquote(body: string): string {
  return body
    .split('\n')
    .map(withoutTrailingBlanks)
    .join('\n')
    .replaceAll(/=\r?\n/g, '')
    .replaceAll(/=([0-9A-Fa-f]{2})/g, (_, hex: string) => String.fromCharCode(parseInt(hex, 16)));
}

/** Blanks before a line break are not content (RFC 2045, 6.7). A loop, since a pattern takes quadratic time. */
function withoutTrailingBlanks(line: string): string {
  const lineEnd = line.endsWith('\r') ? '\r' : '';
  let end = line.length - lineEnd.length;
  while (end > 0 && (line[end - 1] === ' ' || line[end - 1] === '\t')) end -= 1;
  return line.slice(0, end) + lineEnd;
}
