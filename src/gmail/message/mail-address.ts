import { type AddressEntry, addressEntries } from './address-entries';
import { decodeHeader, unfold } from './mail-header';

export interface MailAddress {
  /** Empty when there is none. */
  name: string;
  /** Null when the mail names somebody without an address; never empty. */
  address: string | null;
}

/**
 * The mailboxes of an address header (RFC 5322 section 3.4), those within groups included. Never throws.
 *
 * Many mail programs do not quote a name that holds a comma, as in `Smith, John <john@example.com>`. So words without an
 * address belong to the name of the next address in angle brackets.
 *
 * @param max how many are read at most
 */
export function parseAddresses(header: string | undefined, max: number): MailAddress[] {
  const addresses: MailAddress[] = [];
  /** Words without an address: whole names, or the beginning of the next one. */
  let words: string[] = [];
  const add = ({ name, address }: Pick<AddressEntry, 'name' | 'address'>) => {
    if (addresses.length < max) addresses.push({ name: decodeHeader(name), address });
  };
  const addWords = () => {
    for (const name of words) add({ name, address: null });
    words = [];
  };
  for (const entry of addressEntries(unfold(header ?? ''))) {
    if (addresses.length >= max) break;
    if (entry.address === null && !entry.quoted && !entry.inBrackets) words.push(entry.name);
    else if (entry.inBrackets && entry.name !== '') {
      add({ ...entry, name: [...words, entry.name].join(', ') });
      words = [];
    } else {
      addWords();
      add(entry);
    }
  }
  addWords();
  return addresses;
}
