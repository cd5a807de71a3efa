import type { IncomingMessage } from 'node:http';

/** How much of an answer is read, in bytes: small ones so that their connection can be used again, the rest is cut off. */
const MAX_READ_BYTES = 8 * 1024;

/** How much of it is kept, in bytes, to see later what a receiver had to say. */
const KEPT_BYTES = 1_024;

/** How long the body may take. The answer is known by then. */
const BODY_TIMEOUT_MS = 2_000;

/** Reads what it can. A body that is too long, too slow or not finished ends its connection, and is no error. */
export async function readBeginning(response: IncomingMessage): Promise<string> {
  const kept: Buffer[] = [];
  let read = 0;
  const timer = setTimeout(() => response.destroy(), BODY_TIMEOUT_MS);
  try {
    for await (const chunk of response as AsyncIterable<Buffer>) {
      if (read < KEPT_BYTES) kept.push(chunk.subarray(0, KEPT_BYTES - read));
      read += chunk.length;
      // Leaving the loop early destroys the response, and the connection with it.
      if (read > MAX_READ_BYTES) break;
    }
  } catch {
    // Cut short: what there is of it says enough.
  } finally {
    clearTimeout(timer);
  }
  // As a stream, so that a character cut in two at the end is left out.
  return new TextDecoder().decode(Buffer.concat(kept), { stream: true });
}
