import { randomUUID } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import { pipeline } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { type Dispatcher, request } from 'undici';
import { googleUrl } from '../../config/google-url';
import type { RequestOptions } from './gmail-request.service';
import { parseJson } from './gmail-response';

/** How much of one response is read: fifty ordinary mails are a tenth of it, and fifty of the largest would be gigabytes. */
const MAX_RESPONSE_BYTES = 16 * 1024 * 1024;

/** A batch of so many is a few packets, zipped or not: to unzip it would cost more than the rest of the call. */
const MAX_UNZIPPED = 8;

/** Google zips only for a user agent that says "gzip". https://developers.google.com/workspace/gmail/api/guides/performance#gzip */
const GZIP = { 'accept-encoding': 'gzip', 'user-agent': 'inboxwire (gzip)' };

export interface BatchResponse {
  status: number;
  headers: IncomingHttpHeaders;
  /** What a refusal of the whole batch says. */
  data: unknown;
  /** In the order of the requests; undefined where there is none. */
  parts: (BatchPart | undefined)[];
  /** The response was too large: it has more parts, which were not read. */
  cut: boolean;
}

/**
 * Sends a batch of GETs. The SDK knows no batches.
 *
 * @param origin replaces that of Google's URL
 */
export async function sendBatch(
  origin: string | undefined,
  paths: string[],
  { headers, signal }: RequestOptions,
): Promise<BatchResponse> {
  const boundary = `batch_${randomUUID()}`;
  const response = await request(googleUrl(origin, 'https://gmail.googleapis.com/batch/gmail/v1'), {
    method: 'POST',
    headers: {
      ...headers,
      ...(paths.length > MAX_UNZIPPED && GZIP),
      'content-type': `multipart/mixed; boundary=${boundary}`,
    },
    body: encodeBatch(boundary, paths),
    signal,
  });
  const { statusCode: status, headers: received } = response;
  const { text, cut } = await readBeginning(unzipped(response));
  const ok = status >= 200 && status < 300;
  const parts = ok ? decodeBatch(String(received['content-type']), text, paths.length, cut) : [];
  return { status, headers: received, data: ok ? undefined : (parseJson(text) ?? text), parts, cut };
}

function unzipped({ headers, body }: Dispatcher.ResponseData): AsyncIterable<Uint8Array> {
  // What fails in the pipeline fails the reading.
  return headers['content-encoding'] === 'gzip' ? pipeline(body, createGunzip(), () => undefined) : body;
}

async function readBeginning(body: AsyncIterable<Uint8Array>): Promise<{ text: string; cut: boolean }> {
  const decoder = new TextDecoder();
  let text = '';
  let size = 0;
  for await (const piece of body) {
    text += decoder.decode(piece, { stream: true });
    size += piece.length;
    // Leaving the loop gives the rest up.
    if (size > MAX_RESPONSE_BYTES) return { text, cut: true };
  }
  return { text: text + decoder.decode(), cut: false };
}

/** One response within a batch. */
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
 * The responses of a batch in the order of its requests: Google may answer in any order and names each by its Content-ID.
 * A request without a response is undefined.
 *
 * @param cut whether the text is only the beginning of the response: its last part is not whole then
 */
export function decodeBatch(
  contentType: string,
  text: string,
  count: number,
  cut = false,
): (BatchPart | undefined)[] {
  const boundary = /boundary="?([^";]+)"?/i.exec(contentType)?.[1];
  const responses = new Array<BatchPart | undefined>(count).fill(undefined);
  if (boundary === undefined) return responses;
  for (const chunk of `\r\n${text}`.split(`\n--${boundary}`).slice(1, cut ? -1 : undefined)) {
    const index = /^content-id:\s*<?response-item-(\d+)>?/im.exec(chunk)?.[1];
    if (index !== undefined && Number(index) < count) responses[Number(index)] = decodePart(chunk);
  }
  return responses;
}

function decodePart(chunk: string): BatchPart | undefined {
  const status = /^HTTP\/[\d.]+ (\d{3})/m.exec(chunk);
  if (!status) return undefined;
  const [head, body] = splitOnce(chunk.slice(status.index), /\r?\n\r?\n/);
  return {
    status: Number(status[1]),
    retryAfter: /^retry-after:\s*(.+?)\s*$/im.exec(head)?.[1],
    body: parseJson(body) ?? body.trim(),
  };
}

function splitOnce(text: string, separator: RegExp): [string, string] {
  const match = separator.exec(text);
  return match ? [text.slice(0, match.index), text.slice(match.index + match[0].length)] : [text, ''];
}
