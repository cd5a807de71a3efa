const MAX_PARTS = 500;

/** The sections between `--boundary` lines (RFC 2046); an unclosed last one runs to the end. */
export function splitMultipart(body: string, boundary: string): string[] {
  const delimiter = `--${boundary}`;
  const sections: string[] = [];
  let start: number | null = null;
  for (let at = body.indexOf(delimiter); at !== -1; at = body.indexOf(delimiter, at + delimiter.length)) {
    const tail = /^(--)?[ \t]*(\r\n|\n|\r|$)/.exec(
      body.slice(at + delimiter.length, at + delimiter.length + 200),
    );
    if (tail === null || !startsLine(body, at)) continue;
    if (start !== null) sections.push(withoutLastBreak(body.slice(start, at)));
    start = at + delimiter.length + tail[0].length;
    if (tail[1] !== undefined || sections.length >= MAX_PARTS) return sections;
  }
  if (start !== null) sections.push(body.slice(start));
  return sections;
}

function startsLine(body: string, at: number): boolean {
  return at === 0 || body[at - 1] === '\n' || body[at - 1] === '\r';
}

function withoutLastBreak(section: string): string {
  return section.replace(/\r?\n$|\r$/, '');
}
