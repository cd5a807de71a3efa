import type { Event } from '../api-types';

/**
 * Compares what the log of a mailbox reports of its address with the addresses that its account has had. A rename that did
 * not last may have gone unnoticed; none is reported twice, or before the one before it, and every event carries the address
 * that was reported last.
 *
 * @param addresses in their order, the present one last
 * @returns the first fault
 */
export function checkAddresses(log: readonly Event[], addresses: readonly string[]): string | undefined {
  let at = 0;
  for (const { id, type, mailbox, data } of log) {
    if (type === 'mailbox.address_changed') {
      if (data.previousEmailAddress !== addresses[at])
        return `${id} reports ${data.previousEmailAddress} as the address before, and it was ${addresses[at]}`;
      const next = addresses.indexOf(data.emailAddress, at + 1);
      if (next < 0) return `${id} reports ${data.emailAddress}, which the account had before or never`;
      at = next;
    }
    if (mailbox?.emailAddress !== addresses[at])
      return `${id} (${type}) carries ${mailbox?.emailAddress}, and the address was ${addresses[at]}`;
  }
  const present = addresses.at(-1);
  return addresses[at] === present ? undefined : `the log ends with ${addresses[at]}, and it is ${present}`;
}
