const MONTHS = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];

/** Hours behind UTC of the zones that RFC 5322 section 4.3 names. */
const ZONES: Record<string, number> = { est: 5, edt: 4, cst: 6, cdt: 5, mst: 7, mdt: 6, pst: 8, pdt: 7 };

const TIME = String.raw`(?<hour>\d{1,2}):(?<minute>\d{1,2})(?::(?<second>\d{1,2})(?:\.\d+)?)?`;
const HALF = String.raw`(?: ?(?<half>[ap]m)\b)?`;
/** A name may stand before an offset, or behind it: the offset counts. */
const ZONE = String.raw`(?: ?(?<zone>[a-z]+))?(?: ?(?<offset>[+-](?:\d\d:?\d\d|\d{1,2}))(?: [a-z]+)?)?`;

/** RFC 5322 section 3.3, with the liberties that are common: no weekday, hyphens, long names, two digits for the year. */
const MAIL = new RegExp(
  String.raw`^(?:[a-z]+\.?,? ?)?(?<day>\d{1,2})[ -](?<month>[a-z]{3})[a-z]*\.?,?[ -](?<year>\d{2,4}),? ${TIME}${HALF}${ZONE}$`,
  'i',
);
/** As Americans write it: `Friday, May 1, 2026 2:00 PM`. */
const AMERICAN = new RegExp(
  String.raw`^(?:[a-z]+\.?,? )?(?<month>[a-z]{3})[a-z]*\.? (?<day>\d{1,2}),? (?<year>\d{4}),?(?: at)? ${TIME}${HALF}${ZONE}$`,
  'i',
);
/** As C's asctime() writes it: `Fri May  1 14:00:00 2026`. */
const ASCTIME = new RegExp(
  String.raw`^[a-z]{3},? (?<month>[a-z]{3}) (?<day>\d{1,2}) ${TIME}${ZONE} (?<year>\d{4})$`,
  'i',
);
/** RFC 3339, and with a space instead of the T. */
const ISO = new RegExp(String.raw`^(?<year>\d{4})-(?<month>\d\d)-(?<day>\d\d)[t ]${TIME}${ZONE}$`, 'i');

/**
 * Reads a Date header. Without a zone, or with one that nobody knows, the time is taken for UTC (RFC 5322 section 4.3: as
 * `-0000`), so that the result does not depend on where this process runs.
 *
 * @returns null when the header is no date
 */
export function parseMailDate(header: string): Date | null {
  const text = withoutComments(header).replace(/\s+/g, ' ').trim();
  const fields = (MAIL.exec(text) ?? AMERICAN.exec(text) ?? ASCTIME.exec(text) ?? ISO.exec(text))?.groups;
  if (!fields) return null;
  const [year, month, day] = [yearOf(fields.year!), monthOf(fields.month!), Number(fields.day)];
  const [hour, minute, second] = [hourOf(fields), Number(fields.minute), Number(fields.second ?? 0)];
  // A leap second is 60.
  if (hour > 23 || minute > 59 || second > 60) return null;
  const date = new Date(0);
  date.setUTCFullYear(year, month, day);
  // The 31st of February is none.
  if (month < 0 || date.getUTCMonth() !== month || date.getUTCDate() !== day) return null;
  date.setUTCHours(hour, minute - offsetOf(fields), second);
  return date;
}

function yearOf(digits: string): number {
  const year = Number(digits);
  if (digits.length === 2) return year < 50 ? 2000 + year : 1900 + year;
  return digits.length === 3 ? 1900 + year : year;
}

function monthOf(text: string): number {
  return /^\d/.test(text) ? Number(text) - 1 : MONTHS.indexOf(text.toLowerCase());
}

function hourOf({ hour, half }: Record<string, string | undefined>): number {
  if (!half) return Number(hour);
  return (Number(hour) % 12) + (half.toLowerCase() === 'pm' ? 12 : 0);
}

/** Minutes ahead of UTC. */
function offsetOf({ zone = '', offset }: Record<string, string | undefined>): number {
  if (!offset) return -60 * (ZONES[zone.toLowerCase()] ?? 0);
  const [, sign, hours, minutes = 0] = /^([+-])(\d{1,2}):?(\d\d)?$/.exec(offset)!;
  const ahead = Number(hours) * 60 + Number(minutes);
  // No place is so far ahead or behind: then nobody knows the zone.
  if (ahead > 14 * 60) return 0;
  return sign === '-' ? -ahead : ahead;
}

/** Comments such as "(CET)" may stand anywhere, also within others. */
function withoutComments(text: string): string {
  let kept = '';
  let depth = 0;
  for (const char of text) {
    if (char === '(') depth++;
    else if (char === ')') depth = Math.max(0, depth - 1);
    else if (depth === 0) kept += char;
  }
  return kept;
}
