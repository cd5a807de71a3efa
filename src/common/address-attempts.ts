import { setDefaultAutoSelectFamilyAttemptTimeout } from 'node:net';

/**
 * How long each of several addresses of a name is waited for. Node.js gives one up after 250 ms, for good: a server that is
 * farther away, or whose first packet is lost (the second one follows after a second), would never be reached when its last
 * address is no good, such as one of IPv6 without a route.
 *
 * @see https://nodejs.org/api/net.html#netsetdefaultautoselectfamilyattempttimeoutvalue
 */
const ADDRESS_ATTEMPT_MS = 1_500;

/** For every connection of the process: to Google, to PostgreSQL, through a proxy. Receivers have a way of their own. */
export function giveAddressesTime(): void {
  setDefaultAutoSelectFamilyAttemptTimeout(ADDRESS_ATTEMPT_MS);
}
