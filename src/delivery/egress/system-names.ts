import type { LookupAddress } from 'node:dns';
import { readFile } from 'node:fs/promises';
import { isIP } from 'node:net';

/** Where the system keeps what it knows of names. */
export const SYSTEM_FILES = { hosts: '/etc/hosts', resolverConfig: '/etc/resolv.conf' };

/** What resolv.conf(5) says of how to look a name up. */
export interface ResolverConfig {
  /** Empty: those that Node.js knows. */
  servers: string[];
  search: string[];
  /** A name with at least so many dots is tried as it is before the search domains. */
  ndots: number;
}

const LOOPBACK: LookupAddress[] = [
  { address: '127.0.0.1', family: 4 },
  { address: '::1', family: 6 },
];

/** The addresses that hosts(5) gives to names. Read at each look-up, so that a change holds at once. */
export async function readHosts(): Promise<Map<string, LookupAddress[]>> {
  return parseHosts(await readFile(SYSTEM_FILES.hosts, 'utf8').catch(() => ''));
}

export async function readResolverConfig(): Promise<ResolverConfig> {
  return parseResolverConfig(await readFile(SYSTEM_FILES.resolverConfig, 'utf8').catch(() => ''));
}

export function parseHosts(text: string): Map<string, LookupAddress[]> {
  const hosts = new Map<string, LookupAddress[]>();
  for (const line of text.split('\n')) {
    const [address = '', ...names] = line.replace(/#.*/, '').trim().split(/\s+/);
    const family = isIP(address);
    if (family === 0) continue;
    for (const name of names) {
      const key = name.toLowerCase();
      hosts.set(key, [...(hosts.get(key) ?? []), { address, family }]);
    }
  }
  // https://www.rfc-editor.org/rfc/rfc6761#section-6.3: this name never goes to a name server.
  if (!hosts.has('localhost')) hosts.set('localhost', LOOPBACK);
  return hosts;
}

export function parseResolverConfig(text: string): ResolverConfig {
  const config: ResolverConfig = { servers: [], search: [], ndots: 1 };
  for (const line of text.split('\n')) {
    const [keyword = '', ...values] = line
      .replace(/[#;].*/, '')
      .trim()
      .split(/\s+/);
    if (keyword === 'nameserver' && values[0]) config.servers.push(values[0]);
    // The last of them counts.
    if (keyword === 'search' || keyword === 'domain') config.search = values.filter((value) => value !== '.');
    const ndots = keyword === 'options' && /\bndots:(\d+)/.exec(values.join(' '))?.[1];
    if (ndots) config.ndots = Math.min(Number(ndots), 15);
  }
  return config;
}

/** The names that are asked for, in order. A name with a dot at its end is complete. */
export function candidateNames(name: string, { search, ndots }: ResolverConfig): string[] {
  if (name.endsWith('.')) return [name.slice(0, -1)];
  const below = search.map((domain) => `${name}.${domain.replace(/\.$/, '')}`);
  const isFirst = name.split('.').length - 1 >= ndots;
  return isFirst ? [name, ...below] : [...below, name];
}
