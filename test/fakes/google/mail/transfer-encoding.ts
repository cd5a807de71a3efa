/** Undoes a Content-Transfer-Encoding; broken input gives what can be saved of it. */
export function decodeTransfer(body: string, encoding: string | null): Buffer {
  const name = /^[\w-]+/.exec((encoding ?? '').trim().toLowerCase())?.[0];
  if (name === 'base64') return Buffer.from(body.replaceAll(/[^A-Za-z0-9+/]/g, ''), 'base64');
  if (name === 'quoted-printable') return Buffer.from(unquote(body), 'latin1');
  return Buffer.from(body, 'latin1');
}

export function unquote(body: string): string {
  return body
    .replaceAll(/[ \t]+(?=\r?\n|$)/g, '')
    .replaceAll(/=\r?\n/g, '')
    .replaceAll(/=([0-9A-Fa-f]{2})/g, (_, hex: string) => String.fromCharCode(parseInt(hex, 16)));
}
