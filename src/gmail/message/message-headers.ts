import { type MailAddress, parseAddresses } from './mail-address';
import { parseMailDate } from './mail-date';
import { decodeHeader, headersByName, type MailHeader, messageIdsIn } from './mail-header';
import { PAYLOAD_LIMITS as LIMITS, type Shortener } from './payload-limits';

/** What a message carries of its headers. */
export interface HeaderFields {
  from: MailAddress | null;
  to: MailAddress[];
  cc: MailAddress[];
  bcc: MailAddress[];
  replyTo: MailAddress[];
  subject: string;
  /** The Date header in RFC 3339, null when the mail has none that can be read. */
  date: string | null;
  rfc822MessageId: string | null;
  inReplyTo: string | null;
  /** The oldest first: the last one is the message that is answered. */
  references: string[];
  listId: string | null;
  autoSubmitted: string | null;
  /** Those of `MESSAGE_HEADERS` that the mail has: by lower-case name, the decoded values in their order. */
  headers: Record<string, string[]>;
}

/**
 * @param names of the headers that are carried besides, in lower case
 * @param shortener remembers what was too long
 */
export function headerFields(
  mailHeaders: MailHeader[],
  names: readonly string[],
  shortener: Shortener,
): HeaderFields {
  const byName = headersByName(mailHeaders);
  const header = (name: string) => byName.get(name)?.[0] ?? '';
  const line = (field: string, text: string) => shortener.text(field, text, LIMITS.line);
  const decoded = (field: string, name: string) => decodeHeader(line(field, header(name)));
  const addresses = (field: string, name = field) => readAddresses(field, header(name), shortener);
  return {
    from: senderOf(addresses('from')),
    to: addresses('to'),
    cc: addresses('cc'),
    bcc: addresses('bcc'),
    replyTo: addresses('replyTo', 'reply-to'),
    subject: decoded('subject', 'subject'),
    date: toTime(parseMailDate(header('date').slice(0, LIMITS.line))),
    rfc822MessageId: readMessageIds('rfc822MessageId', header('message-id'), shortener)[0] ?? null,
    inReplyTo: readMessageIds('inReplyTo', header('in-reply-to'), shortener)[0] ?? null,
    references: readMessageIds('references', header('references'), shortener),
    listId: decoded('listId', 'list-id') || null,
    autoSubmitted: decoded('autoSubmitted', 'auto-submitted') || null,
    headers: namedHeaders(byName, names, shortener),
  };
}

function readAddresses(field: string, header: string, shortener: Shortener): MailAddress[] {
  if (header === '') return [];
  const readable = shortener.text(field, header, LIMITS.addressHeader);
  const all = shortener.list(field, parseAddresses(readable, LIMITS.addresses + 1), LIMITS.addresses);
  return all.map(({ name, address }) => ({
    name: shortener.text(field, name, LIMITS.line),
    address: address && shortener.text(field, address, LIMITS.line),
  }));
}

/** The last ones: they are nearest to the message. */
function readMessageIds(field: string, header: string, shortener: Shortener): string[] {
  if (header === '') return [];
  const end = header.slice(-LIMITS.addressHeader);
  const ids = messageIdsIn(end);
  if (end.length < header.length || ids.length > LIMITS.references) shortener.mark(field);
  return ids.slice(-LIMITS.references).map((id) => shortener.text(field, id, LIMITS.line));
}

function namedHeaders(
  byName: ReadonlyMap<string, string[]>,
  names: readonly string[],
  shortener: Shortener,
): Record<string, string[]> {
  if (names.length === 0) return {};
  const found = names.filter((name) => byName.has(name));
  // Own properties, whatever they are called.
  return Object.fromEntries(
    found.map((name) => {
      const values = shortener.list('headers', byName.get(name)!, LIMITS.headerValues);
      return [
        name,
        values.map((value) => decodeHeader(shortener.text('headers', value, LIMITS.headerValue))),
      ];
    }),
  );
}

/** The first one with an address: others in front of it are words that nobody quoted. */
function senderOf(addresses: MailAddress[]): MailAddress | null {
  return addresses.find(({ address }) => address !== null) ?? addresses[0] ?? null;
}

/** RFC 3339, which knows the years 0 to 9999 only. */
export function toTime(date: Date | null): string | null {
  const year = date?.getUTCFullYear() ?? Number.NaN;
  return year >= 0 && year <= 9999 ? date!.toISOString() : null;
}
