const GMAIL = '@gmail.com';
const GOOGLEMAIL = '@googlemail.com';

/**
 * The one form in which addresses are compared: in lower case, and with `gmail.com` for `googlemail.com`. Google writes the
 * same address in different cases, and an account of the one domain is the account of the other.
 * @see https://support.google.com/mail/answer/10313
 */
export function canonicalAddress(address: string): string {
  const lower = address.trim().toLowerCase();
  return lower.endsWith(GOOGLEMAIL) ? lower.slice(0, -GOOGLEMAIL.length) + GMAIL : lower;
}

/** Whether both addresses mean the same account. One that is erased (null) means none. */
export function isSameAddress(one: string | null, other: string | null): boolean {
  if (one === null || other === null) return false;
  return canonicalAddress(one) === canonicalAddress(other);
}

/** Every address, in lower case, that means the same account. */
export function spellingsOf(address: string): string[] {
  const canonical = canonicalAddress(address);
  if (!canonical.endsWith(GMAIL)) return [canonical];
  return [canonical, canonical.slice(0, -GMAIL.length) + GOOGLEMAIL];
}
