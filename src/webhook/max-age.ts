/** Google's keys live for hours; a missing or unreadable header must not mean a fetch for each push. */
const DEFAULT = 3_600_000;

/** Milliseconds that an answer may be cached, by its `Cache-Control` (RFC 9111 section 5.2.2). */
export function maxAge(cacheControl: string | null): number {
  if (/\bno-(store|cache)\b/i.test(cacheControl ?? '')) return 0;
  const seconds = /\bmax-age=(\d+)/i.exec(cacheControl ?? '')?.[1];
  return seconds === undefined ? DEFAULT : Number(seconds) * 1_000;
}
