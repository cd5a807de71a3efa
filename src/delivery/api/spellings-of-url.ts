const DEFAULT_PORTS: Record<string, string> = { 'http:': '80', 'https:': '443' };

/** The one form in which URLs are compared: without what is never sent, and without the dot that may end a name. */
export function canonicalUrl(text: string): string {
  const url = new URL(text);
  url.hash = '';
  url.hostname = url.hostname.replace(/\.$/, '');
  return url.href;
}

/**
 * How people write one URL, all in lower case and without a fragment: with and without the default port, the slash after a
 * bare host, and the dot at its end.
 */
export function spellingsOfUrl(text: string): string[] {
  const { protocol, hostname, port, pathname, search, href } = new URL(canonicalUrl(text));
  const defaultPort = DEFAULT_PORTS[protocol];
  const ports = port === '' && defaultPort !== undefined ? ['', `:${defaultPort}`] : [port && `:${port}`];
  const hosts = [hostname, `${hostname}.`].flatMap((name) => ports.map((suffix) => `${name}${suffix}`));
  const paths = pathname === '/' ? ['/', ''] : [pathname];
  const spelled = hosts.flatMap((host) => paths.map((path) => `${protocol}//${host}${path}${search}`));
  const [written = ''] = text.split('#', 1);
  return [...new Set([written, href, ...spelled].map((spelling) => spelling.toLowerCase()))];
}
