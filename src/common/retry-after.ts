/** The longest wait that is honoured, in milliseconds: longer ones are mistakes, and asking once a day does no harm. */
const MAX_WAIT_MS = 24 * 3_600_000;

/** What the clocks say, in milliseconds since the epoch: the one here, and the one of whoever answered, if it said. */
export interface Clocks {
  now: number;
  /** The `Date` header of the response. A time that it names is one of its own clock. */
  date?: string | null | undefined;
}

/**
 * Reads a `Retry-After` header, in seconds or as an HTTP date (https://www.rfc-editor.org/rfc/rfc9110#section-10.2.3).
 *
 * @returns milliseconds to wait, at most a day; undefined when there is nothing to honour
 */
export function readRetryAfter(header: string | null | undefined, clocks: Clocks): number | undefined {
  const text = header?.trim() ?? '';
  return bounded(/^\d+(\.\d+)?$/.test(text) ? Number(text) * 1_000 : timeOf(text) - theirTime(clocks));
}

/** Reads the "Retry after <time>" that Gmail writes into the message of a rate limit, or "… 5 seconds". As above. */
export function readRetryAfterText(message: string, clocks: Clocks): number | undefined {
  const time = /retry after (\S+)/i.exec(message)?.[1]?.replace(/[).,]+$/, '') ?? '';
  const [, number, unit] = /retry after (\d+) ?(s|m)/i.exec(message) ?? [];
  if (unit) return bounded(Number(number) * (unit.toLowerCase() === 's' ? 1_000 : 60_000));
  return bounded(timeOf(time) - theirTime(clocks));
}

/** An HTTP date or one of RFC 3339: `Date.parse` reads any number as some day, and what has no zone by that of the process. */
function timeOf(text: string): number {
  if (/^\d{4}-\d\d-\d\dT[\d:.]+$/i.test(text)) return Date.parse(`${text}Z`);
  // The form of asctime(), which stands for UTC too (RFC 9110 section 5.6.7).
  if (/^[a-z]{3} [a-z]{3} +\d+ [\d:]{8} \d{4}$/i.test(text)) return Date.parse(`${text} GMT`);
  return /^\d{4}-\d\d-\d\dT.*(Z|[+-]\d\d:?\d\d)$|^[a-z]+,? .* (GMT|UTC|[+-]\d{4})$/i.test(text)
    ? Date.parse(text)
    : Number.NaN;
}

function theirTime({ now, date }: Clocks): number {
  const time = timeOf(date ?? '');
  return Number.isNaN(time) ? now : time;
}

function bounded(wait: number): number | undefined {
  return Number.isNaN(wait) ? undefined : Math.min(Math.max(wait, 0), MAX_WAIT_MS);
}
