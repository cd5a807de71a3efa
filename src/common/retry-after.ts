/** The longest wait that is honoured, in milliseconds: longer ones are mistakes, and asking once a day does no harm. */
const MAX_WAIT_MS = 24 * 3_600_000;

/**
 * Reads a `Retry-After` header, in seconds or as an HTTP date (https://www.rfc-editor.org/rfc/rfc9110#section-10.2.3).
 *
 * @param now milliseconds since the epoch
 * @returns milliseconds to wait, at most a day; undefined when there is nothing to honour
 */
export function readRetryAfter(header: string | null | undefined, now: number): number | undefined {
  const text = header?.trim() ?? '';
  return bounded(/^\d+$/.test(text) ? Number(text) * 1_000 : Date.parse(text) - now);
}

/** Reads the "Retry after <time>" that Gmail writes into the message of a rate limit. As above. */
export function readRetryAfterText(message: string, now: number): number | undefined {
  const time = /retry after (\S+)/i.exec(message)?.[1]?.replace(/[).,]+$/, '');
  return bounded(Date.parse(time ?? '') - now);
}

function bounded(wait: number): number | undefined {
  return Number.isNaN(wait) ? undefined : Math.min(Math.max(wait, 0), MAX_WAIT_MS);
}
