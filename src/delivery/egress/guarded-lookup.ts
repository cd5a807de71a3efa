import { lookup as systemLookup, type LookupAddress } from 'node:dns';
import type { LookupFunction } from 'node:net';
import { ForbiddenAddressError } from '../delivery.errors';
import { isForbiddenAddress } from './forbidden-address';

type ResolveAll = (
  host: string,
  options: { all: true; family?: number | 'IPv4' | 'IPv6' },
  done: (error: NodeJS.ErrnoException | null, addresses: LookupAddress[]) => void,
) => void;

/**
 * A `lookup` for `net.connect` that knows public addresses only. The socket connects to one of exactly these, so that a
 * name that answers differently the next time (DNS rebinding) gains nothing.
 */
export function guardedLookup(resolve: ResolveAll = systemLookup): LookupFunction {
  return (host, options, callback) => {
    resolve(host, { family: options.family, all: true }, (error, addresses) => {
      if (error) return callback(error, '');
      const allowed = addresses.filter(({ address }) => !isForbiddenAddress(address));
      const [first] = allowed;
      if (!first) return callback(new ForbiddenAddressError(host), '');
      if (options.all) return callback(null, allowed);
      return callback(null, first.address, first.family);
    });
  };
}
