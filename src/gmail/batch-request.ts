import { randomUUID } from 'node:crypto';
import { googleUrl } from '../config/google-url';
import { type BatchPart, decodeBatch, encodeBatch } from './batch';
import { parseJson } from './gmail-answer';

/**
 * Bytes that are read of one answer: fifty ordinary mails are a tenth of it, and fifty of the largest with their texts
 * would be gigabytes.
 */
const MOST_READ = 16 * 1024 * 1024;

export interface BatchAnswer {
  status: number;
  headers: Headers;
  /** What a refusal of the whole batch says. */
  data: unknown;
  /** In the order of the requests; undefined where there is none. */
  parts: (BatchPart | undefined)[];
  /** The answer was too large: it has more parts, which were not read. */
  cut: boolean;
}

/**
 * Sends a batch of GETs, which the SDK does not know: this request is written by hand.
 *
 * @param origin replaces that of Google's URL
 */
export async function sendBatch(
  origin: string | undefined,
  paths: string[],
  headers: Record<string, string>,
  signal: AbortSignal,
): Promise<BatchAnswer> {
  const boundary = `batch_${randomUUID()}`;
  const response = await fetch(googleUrl(origin, 'https://gmail.googleapis.com/batch/gmail/v1'), {
    method: 'POST',
    headers: {
      ...headers,
      'content-type': `multipart/mixed; boundary=${boundary}`,
      'accept-encoding': 'gzip',
      'user-agent': 'inboxwire (gzip)',
    },
    body: encodeBatch(boundary, paths),
    signal,
  });
  const { text, cut } = await beginningOf(response);
  const parts = response.ok
    ? decodeBatch(response.headers.get('content-type') ?? '', text, paths.length, cut)
    : [];
  const data = response.ok ? undefined : parseJson(text);
  return { status: response.status, headers: response.headers, data, parts, cut };
}

async function beginningOf({ body }: Response): Promise<{ text: string; cut: boolean }> {
  const decoder = new TextDecoder();
  let text = '';
  let size = 0;
  for await (const piece of (body ?? []) as AsyncIterable<Uint8Array>) {
    text += decoder.decode(piece, { stream: true });
    size += piece.length;
    // Leaving the loop gives the rest up.
    if (size > MOST_READ) return { text, cut: true };
  }
  return { text: text + decoder.decode(), cut: false };
}
