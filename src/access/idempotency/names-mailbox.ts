import type { ErasedMailbox } from '../../erasure/kept-data';

/** Whether a text names a mailbox: by its id or an address, as a whole. Every answer with its external id has its id too. */
export function namesMailbox(
  text: string,
  { id, emailAddresses }: Pick<ErasedMailbox, 'id' | 'emailAddresses'>,
): boolean {
  if (text.includes(id)) return true;
  const lower = text.toLowerCase();
  return emailAddresses.some((address) => hasWhole(lower, address));
}

/** What an address goes on with on its left, and on its right: `ada@example.com` is not in `ada@example.com.au`. */
const GOES_ON_BEFORE = /[\w.+-]$/;
const GOES_ON_AFTER = /^[\w-]|^\.\w/;

function hasWhole(text: string, address: string): boolean {
  for (let at = text.indexOf(address); at >= 0; at = text.indexOf(address, at + 1)) {
    const before = text.slice(Math.max(0, at - 1), at);
    const after = text.slice(at + address.length, at + address.length + 2);
    if (!GOES_ON_BEFORE.test(before) && !GOES_ON_AFTER.test(after)) return true;
  }
  return false;
}
