const NUMBER = new Intl.NumberFormat('en');
const COMPACT = new Intl.NumberFormat('en', { notation: 'compact', maximumFractionDigits: 1 });

export const number = (value: number): string => NUMBER.format(value);

/** A number that has to be short: 12,345 is 12.3K. */
export const compact = (value: number): string =>
  value < 10_000 ? NUMBER.format(Math.round(value * 10) / 10) : COMPACT.format(value);

/** Milliseconds as people say them. */
export function duration(milliseconds: number): string {
  if (milliseconds < 1_000) return `${Math.round(milliseconds)} ms`;
  if (milliseconds < 60_000) return `${(milliseconds / 1_000).toFixed(1)} s`;
  return span(milliseconds);
}

const UNITS: [string, number][] = [
  ['d', 86_400_000],
  ['h', 3_600_000],
  ['min', 60_000],
  ['s', 1_000],
];

/** The two largest units of a span of time: `2 d 4 h`. */
export function span(milliseconds: number): string {
  const parts: string[] = [];
  let left = Math.abs(milliseconds);
  for (const [name, size] of UNITS) {
    const count = Math.floor(left / size);
    left -= count * size;
    if (count > 0 || parts.length > 0) parts.push(`${count} ${name}`);
    if (parts.length === 2) break;
  }
  return parts.filter((part) => !part.startsWith('0 ')).join(' ') || '0 s';
}

/** `3 min ago`, `in 2 d 4 h`, `just now`. */
export function relative(time: Date, now: Date): string {
  const away = time.getTime() - now.getTime();
  if (Math.abs(away) < 5_000) return 'just now';
  const [largest] = UNITS.filter(([, size]) => Math.abs(away) >= size);
  const text =
    Math.abs(away) < 86_400_000 ? `${Math.floor(Math.abs(away) / largest![1])} ${largest![0]}` : span(away);
  return away < 0 ? `${text} ago` : `in ${text}`;
}

/** The exact time, for who hovers: `2026-11-30 04:05:06 UTC`. */
export const exact = (time: Date): string => `${time.toISOString().slice(0, 19).replace('T', ' ')} UTC`;

/** A path with a query, of what is given; empty values are left out. */
export function link(path: string, query: Record<string, string | null | undefined> = {}): string {
  const given = Object.entries(query).filter((entry): entry is [string, string] => !!entry[1]);
  const text = new URLSearchParams(given).toString();
  return `/console${path === '/' ? '' : path}${text && `?${text}`}`;
}
