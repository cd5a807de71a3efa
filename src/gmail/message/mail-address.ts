import { type Address, addressParser } from 'postal-mime';
import { decodeHeader } from './mail-header';

export interface MailAddress {
  name: string;
  address: string;
}

/** The mailboxes of an address header (RFC 5322 section 3.4), those within groups included. Never throws. */
export function parseAddresses(header: string | undefined): MailAddress[] {
  if (!header) return [];
  try {
    return addressParser(header.replace(/\r?\n(?=[ \t])/g, '')).flatMap(flatten);
  } catch {
    return [];
  }
}

function flatten(entry: Address): MailAddress[] {
  if (entry.group) return entry.group.flatMap(flatten);
  return entry.address || entry.name
    ? [{ name: decodeHeader(entry.name ?? ''), address: entry.address ?? '' }]
    : [];
}
