import { isIP } from 'node:net';
import ipaddr from 'ipaddr.js';

type Address = ipaddr.IPv4 | ipaddr.IPv6;

/** Ranges of IPv6 that embed an IPv4 address, to which a translator on the way connects: their prefix, and where it is. */
const EMBEDDING: [prefix: string, at: number][] = [
  // https://www.rfc-editor.org/rfc/rfc4291#section-2.5.5
  ['::ffff:0:0/96', 12],
  // https://www.rfc-editor.org/rfc/rfc6145#section-1.3
  ['::ffff:0:0:0/96', 12],
  // NAT64: https://www.rfc-editor.org/rfc/rfc6052#section-2.1
  ['64:ff9b::/96', 12],
  // 6to4: https://www.rfc-editor.org/rfc/rfc3056#section-2
  ['2002::/16', 2],
];

/** All public IPv6 addresses so far: https://www.iana.org/assignments/ipv6-address-space */
const PUBLIC_IPV6 = ipaddr.parseCIDR('2000::/3');

/**
 * Public by its range, and to machines on Azure the host that they run on, with their configuration.
 * @see https://learn.microsoft.com/azure/virtual-network/what-is-ip-address-168-63-129-16
 */
const AZURE_HOST = '168.63.129.16';

/**
 * Whether an address is one that a receiver may not live on: anything but the public internet. Loopback, private,
 * link-local (where clouds keep their metadata), carrier-grade NAT, multicast and reserved ranges are refused, and so is
 * an IPv6 address that leads to one of them through a translator.
 *
 * @param text an address as DNS or a URL gives it; what is no address is forbidden
 */
export function isForbiddenAddress(text: string): boolean {
  const bare = withoutBrackets(text);
  if (isIP(bare) === 0) return true;
  const address = innermost(ipaddr.parse(bare));
  if (address.range() !== 'unicast' || address.toString() === AZURE_HOST) return true;
  return address instanceof ipaddr.IPv6 && !address.match(PUBLIC_IPV6);
}

/** Whether the host of a URL is an address. `new URL` has normalised decimal, octal and hexadecimal forms by then. */
export function isAddress(hostname: string): boolean {
  return isIP(withoutBrackets(hostname)) !== 0;
}

function withoutBrackets(host: string): string {
  return host.replace(/^\[|\]$/g, '');
}

function innermost(address: Address): Address {
  if (!(address instanceof ipaddr.IPv6)) return address;
  for (const [prefix, at] of EMBEDDING)
    if (address.match(ipaddr.parseCIDR(prefix)))
      return new ipaddr.IPv4(address.toByteArray().slice(at, at + 4));
  return address;
}
