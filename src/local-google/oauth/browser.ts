/** One origin's cookies are sent back by path; loopback ports share them, as in browsers. */
interface Cookie {
  pair: string;
  path: string;
}

/** A browser, as far as redirects and cookies go: it opens a URL, and follows redirects when it is asked to. */
export class Browser {
  private readonly cookies = new Map<string, Cookie>();

  /** Opens a URL, and follows no redirect. */
  async visit(url: string, init: RequestInit = {}): Promise<Response> {
    const { hostname } = new URL(url);
    const cookie = this.cookieFor(url);
    const headers = { ...(init.headers as Record<string, string>), ...(cookie !== undefined && { cookie }) };
    const answer = await fetch(url, { ...init, headers, redirect: 'manual' });
    answer.headers.getSetCookie().forEach((text) => this.keep(hostname, text));
    return answer;
  }

  /** Opens a URL and goes on to where it is sent. */
  async open(url: string): Promise<{ url: string; answer: Response }> {
    const answer = await this.visit(url);
    const location = answer.headers.get('location');
    if (location === null || answer.status < 300 || answer.status >= 400) return { url, answer };
    await answer.body?.cancel();
    return this.open(new URL(location, url).href);
  }

  /** What it would send there. */
  cookieFor(url: string): string | undefined {
    const { hostname, pathname } = new URL(url);
    const pairs = [...this.cookies.entries()]
      .filter(([key, { path }]) => key.startsWith(`${hostname} `) && pathname.startsWith(path))
      .map(([, { pair }]) => pair);
    return pairs.length > 0 ? pairs.join('; ') : undefined;
  }

  private keep(hostname: string, text: string): void {
    const [pair = '', ...attributes] = text.split(';').map((part) => part.trim());
    const path = attributes.find((part) => /^path=/i.test(part))?.slice(5) ?? '/';
    const key = `${hostname} ${pair.split('=')[0]} ${path}`;
    if (attributes.some((part) => /^max-age=0$/i.test(part))) this.cookies.delete(key);
    else this.cookies.set(key, { pair, path });
  }
}
