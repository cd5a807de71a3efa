import type { LookupAddress } from 'node:dns';
import type { LookupFunction } from 'node:net';
import { ForbiddenAddressError } from '../delivery.errors';
import { isForbiddenAddress } from './forbidden-address';

export type ResolveName = (host: string) => Promise<LookupAddress[]>;

/** A `lookup` for `net.connect`. */
export function openLookup(resolve: ResolveName): LookupFunction {
  return (host, options, callback) => {
    resolve(host).then(
      (all) => {
        const family = Number(String(options.family ?? 0).replace('IPv', ''));
        const usable = family === 0 ? all : all.filter((address) => address.family === family);
        if (options.all) return callback(null, usable);
        callback(null, usable[0]?.address ?? '', usable[0]?.family);
      },
      (error: NodeJS.ErrnoException) => callback(error, ''),
    );
  };
}

/**
 * The same that knows public addresses only. The socket connects to one of exactly these, so that a name that answers
 * differently the next time (DNS rebinding) gains nothing.
 */
export function guardedLookup(resolve: ResolveName): LookupFunction {
  return openLookup(async (host) => {
    const allowed = (await resolve(host)).filter(({ address }) => !isForbiddenAddress(address));
    if (allowed.length === 0) throw new ForbiddenAddressError(host);
    return allowed;
  });
}
