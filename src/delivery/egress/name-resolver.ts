import type { LookupAddress } from 'node:dns';
import { Resolver } from 'node:dns/promises';
import { isIP } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { Injectable } from '@nestjs/common';
import { NameNotFoundError, NameServerSilentError } from '../delivery.errors';
import { candidateNames, type ResolverConfig, readHosts, readResolverConfig } from './system-names';

/** How long a look-up takes at most, all names and name servers together. */
export const LOOKUP_TIMEOUT_MS = 5_000;

/** How long one name server has for one question, and how often it is asked. */
const QUESTION = { timeout: 1_500, tries: 2 };

/** How long the addresses of one family wait for those of the other: https://www.rfc-editor.org/rfc/rfc8305#section-3 */
const OTHER_FAMILY_WAIT_MS = 300;

/** How long a name has before the next one, of another search domain, is asked for beside it. */
const NEXT_NAME_MS = 500;

/** How long the names that come first are waited for when one that comes later has addresses. Long enough for a second packet. */
const ORDER_WAIT_MS = 3_000;

/** What is known of a name. `silent`: a name server gave no answer, or none that decides. */
interface Found {
  addresses: LookupAddress[];
  silent: boolean;
}

/** Answers that no other question changes: there is no such name, it has no address of that family, or it can be none. */
const NO_ADDRESS = ['ENOTFOUND', 'ENODATA', 'EBADNAME'];

/**
 * Looks up the names of receivers as the system does (hosts file, search domains), and never with `dns.lookup`: that one
 * holds one of the four threads that the whole process has for files, cryptography and all other look-ups until the name
 * server has answered. A look-up here is a UDP question with a deadline. There is one at a time for a name, and each has a
 * channel of its own, so a name server that is silent for one name delays no other name.
 */
@Injectable()
export class NameResolver {
  private readonly underWay = new Map<string, Promise<LookupAddress[]>>();

  /** @throws NameNotFoundError, NameServerSilentError */
  resolve(host: string): Promise<LookupAddress[]> {
    const family = isIP(host);
    if (family !== 0) return Promise.resolve([{ address: host, family }]);
    const name = host.toLowerCase();
    const running = this.underWay.get(name) ?? this.begin(name).finally(() => this.underWay.delete(name));
    this.underWay.set(name, running);
    return running;
  }

  private async begin(name: string): Promise<LookupAddress[]> {
    const known = (await readHosts()).get(name.replace(/\.$/, ''));
    if (known) return known;
    const config = await readResolverConfig();
    const resolver = new Resolver(QUESTION);
    const servers = config.servers.filter(isServer);
    if (servers.length > 0) resolver.setServers(servers);
    const deadline = new AbortController();
    const silence = delay(LOOKUP_TIMEOUT_MS, undefined, { signal: deadline.signal, ref: false }).then(() => {
      throw new NameServerSilentError(name);
    });
    try {
      return await Promise.race([ask(resolver, name, config), silence]);
    } finally {
      resolver.cancel();
      deadline.abort();
      silence.catch(() => undefined);
    }
  }
}

/**
 * Asks for the name itself and below each search domain. The order of resolv.conf(5) counts, but the name servers of one search
 * domain may be silent: the next name is asked beside it, and what comes of that one is waited for no longer than the others need.
 */
async function ask(resolver: Resolver, name: string, config: ResolverConfig): Promise<LookupAddress[]> {
  const tooLate = delay(ORDER_WAIT_MS, { addresses: [], silent: true }, { ref: false });
  const asked: Promise<Found>[] = [];
  for (const candidate of candidateNames(name, config)) {
    const question = addressesOf(resolver, candidate);
    asked.push(question);
    const found = await Promise.race([question, delay(NEXT_NAME_MS, undefined, { ref: false })]);
    if (found && found.addresses.length > 0) break;
  }
  let isSilent = false;
  for (const question of asked) {
    const { addresses, silent } = await Promise.race([question, tooLate]);
    if (addresses.length > 0) return addresses;
    isSilent ||= silent;
  }
  throw isSilent ? new NameServerSilentError(name) : new NameNotFoundError(name);
}

/** IPv4 first: a receiver that has both is reached either way, and a network without IPv6 is common. */
async function addressesOf(resolver: Resolver, name: string): Promise<Found> {
  const families = [family(4, resolver.resolve4(name)), family(6, resolver.resolve6(name))];
  const both = Promise.all(families);
  const first = await Promise.race(families);
  const wait = delay(OTHER_FAMILY_WAIT_MS, [first], { ref: false });
  const found = await (first.addresses.length === 0 ? both : Promise.race([both, wait]));
  return {
    addresses: found.flatMap(({ addresses }) => addresses),
    silent: found.some(({ silent }) => silent),
  };
}

async function family(family: 4 | 6, question: Promise<string[]>): Promise<Found> {
  try {
    const addresses = await question;
    return { addresses: addresses.map((address) => ({ address, family })), silent: false };
  } catch (error) {
    return { addresses: [], silent: !NO_ADDRESS.includes((error as NodeJS.ErrnoException).code ?? '') };
  }
}

/** The system passes over what is no address, and one such line must not end every look-up. */
function isServer(address: string): boolean {
  try {
    new Resolver().setServers([address]);
    return true;
  } catch {
    return false;
  }
}
