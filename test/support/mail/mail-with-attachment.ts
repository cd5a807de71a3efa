/** A mail with one attachment, in base64 as mail programs write it. */
export function mailWithAttachment(bytes: Buffer, name = 'film.bin', type = 'application/x-film'): Buffer {
  const lines = bytes.toString('base64').replaceAll(/(.{76})/g, '$1\r\n');
  const head = [
    'From: Bob <bob@example.net>',
    'Subject: The film',
    'MIME-Version: 1.0',
    'Content-Type: multipart/mixed; boundary="b"',
    '',
    '--b',
    'Content-Type: text/plain',
    '',
    'Here it is.',
    '--b',
    `Content-Type: ${type}; name="${name}"`,
    `Content-Disposition: attachment; filename="${name}"`,
    'Content-Transfer-Encoding: base64',
    '',
  ];
  return Buffer.from(`${head.join('\r\n')}\r\n${lines}\r\n--b--\r\n`, 'latin1');
}
