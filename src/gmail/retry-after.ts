/**
 * When Google wants to be asked again: the `Retry-After` header (seconds or a date, RFC 9110 section 10.2.3), or the
 * "Retry after <time>" that Gmail writes into the message of a rate limit.
 */
export function retryAfter(
  header: string | null | undefined,
  message: string,
  now: number,
): Date | undefined {
  const text = header?.trim();
  if (text && /^\d+$/.test(text)) return new Date(now + Number(text) * 1_000);
  if (text && !Number.isNaN(Date.parse(text))) return new Date(Date.parse(text));
  const inMessage = /retry after (\S+)/i.exec(message)?.[1]?.replace(/[).,]+$/, '');
  const time = inMessage === undefined ? Number.NaN : Date.parse(inMessage);
  return Number.isNaN(time) ? undefined : new Date(time);
}
