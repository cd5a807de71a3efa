const DEFAULT_PORTS: Record<string, string> = { 'http:': '80', 'https:': '443' };

/** How people write one URL, all in lower case: with and without the default port, and the slash after a bare host. */
export function spellingsOfUrl(text: string): string[] {
  const { protocol, host, port, pathname, search, hash, href } = new URL(text);
  const defaultPort = DEFAULT_PORTS[protocol];
  const hosts = port === '' && defaultPort !== undefined ? [host, `${host}:${defaultPort}`] : [host];
  const paths = pathname === '/' ? ['/', ''] : [pathname];
  const spelled = hosts.flatMap((name) => paths.map((path) => `${protocol}//${name}${path}${search}${hash}`));
  return [...new Set([text, href, ...spelled].map((spelling) => spelling.toLowerCase()))];
}
