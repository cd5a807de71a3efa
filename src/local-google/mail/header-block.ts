export interface MailHeader {
  name: string;
  value: string;
}

export interface SplitMail {
  headers: MailHeader[];
  /** Everything after the blank line, one character per byte. */
  body: string;
}

/** Splits a mail, given as one character per byte, into headers (unfolded, undecoded) and body. Never throws. */
export function splitMail(bytes: string): SplitMail {
  const blank = /^\r?\n|\r?\n\r?\n|\r\r/.exec(bytes);
  const head = blank === null ? bytes : bytes.slice(0, blank.index);
  const body = blank === null ? '' : bytes.slice(blank.index + blank[0].length);
  const headers = readHeaders(head);
  const headless = headers.length === 0 && head.trim() !== '';
  return headless ? { headers, body: bytes } : { headers, body };
}

export function headerValue(headers: readonly MailHeader[], name: string): string | null {
  const wanted = name.toLowerCase();
  return headers.find((header) => header.name.toLowerCase() === wanted)?.value ?? null;
}

function readHeaders(head: string): MailHeader[] {
  const headers: MailHeader[] = [];
  for (const line of head.split(/\r\n|\n|\r/)) {
    const last = headers.at(-1);
    const field = /^([!-9;-~]+)[ \t]*:(.*)$/s.exec(line);
    if (/^[ \t]/.test(line) && last !== undefined) last.value = `${last.value} ${line.trim()}`.trim();
    else if (field !== null) headers.push({ name: field[1] ?? '', value: (field[2] ?? '').trim() });
  }
  return headers.map(({ name, value }) => ({ name, value: readable(value) }));
}

/** RFC 6532 headers are UTF-8; what is not is taken for windows-1252, as Gmail shows it. */
function readable(value: string): string {
  const bytes = Buffer.from(value, 'latin1');
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return new TextDecoder('windows-1252').decode(bytes);
  }
}
