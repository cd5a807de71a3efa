/** One answer within a batch. */
export interface BatchPart {
  status: number;
  retryAfter: string | undefined;
  body: unknown;
}

/**
 * The body of a batch of GETs.
 * @see https://developers.google.com/workspace/gmail/api/guides/batch
 */
export function encodeBatch(boundary: string, paths: string[]): string {
  const parts = paths.map(
    (path, index) =>
      `--${boundary}\r\nContent-Type: application/http\r\nContent-ID: <item-${index}>\r\n\r\nGET ${path} HTTP/1.1\r\n\r\n`,
  );
  return `${parts.join('')}--${boundary}--\r\n`;
}

/**
 * The answers of a batch in the order of its requests: Google may answer in any order and names each by its Content-ID.
 * A request without an answer is undefined.
 *
 * @param cut whether the text is the beginning of an answer only: its last part is then none
 */
export function decodeBatch(
  contentType: string,
  text: string,
  count: number,
  cut = false,
): (BatchPart | undefined)[] {
  const boundary = /boundary="?([^";]+)"?/i.exec(contentType)?.[1];
  const answers = new Array<BatchPart | undefined>(count).fill(undefined);
  if (boundary === undefined) return answers;
  for (const chunk of `\r\n${text}`.split(`\n--${boundary}`).slice(1, cut ? -1 : undefined)) {
    const index = /^content-id:\s*<?response-item-(\d+)>?/im.exec(chunk)?.[1];
    if (index !== undefined && Number(index) < count) answers[Number(index)] = decodePart(chunk);
  }
  return answers;
}

function decodePart(chunk: string): BatchPart | undefined {
  const status = /^HTTP\/[\d.]+ (\d{3})/m.exec(chunk);
  if (!status) return undefined;
  const [head, body] = splitOnce(chunk.slice(status.index), /\r?\n\r?\n/);
  return {
    status: Number(status[1]),
    retryAfter: /^retry-after:\s*(.+?)\s*$/im.exec(head)?.[1],
    body: parseJson(body),
  };
}

function splitOnce(text: string, separator: RegExp): [string, string] {
  const match = separator.exec(text);
  return match ? [text.slice(0, match.index), text.slice(match.index + match[0].length)] : [text, ''];
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
