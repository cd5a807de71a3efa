/** What the console answered, and how. */
export interface ConsoleResponse {
  status: number;
  headers: Headers;
  html: string;
}

/** A browser without JavaScript: it keeps cookies, reads the tokens of forms, and follows nothing by itself. */
export class ConsoleClient {
  readonly cookies = new Map<string, string>();
  /** Every `set-cookie` so far. */
  readonly setCookies: string[] = [];

  constructor(private readonly origin: string) {}

  /** @throws when the key is refused */
  static async signedIn(origin: string, key: string): Promise<ConsoleClient> {
    const client = new ConsoleClient(origin);
    const { status } = await client.signIn(key);
    if (status !== 303) throw new Error(`signing in was answered ${status}`);
    return client;
  }

  /** The same browser at another replica. */
  at(origin: string): ConsoleClient {
    const other = new ConsoleClient(origin);
    for (const [name, value] of this.cookies) other.cookies.set(name, value);
    return other;
  }

  get(path: string, headers: Record<string, string> = {}): Promise<ConsoleResponse> {
    return this.request('GET', path, undefined, headers);
  }

  async signIn(key: string, returnTo?: string): Promise<ConsoleResponse> {
    const query = returnTo === undefined ? '' : `?returnTo=${encodeURIComponent(returnTo)}`;
    const { html } = await this.get(`/console/sign-in${query}`);
    const back = /name="returnTo" value="([^"]*)"/.exec(html)?.[1] ?? '';
    return this.post('/console/sign-in', { key, returnTo: back }, { csrf: tokenIn(html) });
  }

  /** Sends a form. Without a token it takes one from the page of sign-in or the overview, as any page has it. */
  async post(
    path: string,
    fields: Record<string, string | string[]> = {},
    options: { csrf?: string | null; origin?: string | null } = {},
  ): Promise<ConsoleResponse> {
    const { csrf = tokenIn((await this.get('/console/mailboxes')).html), origin = this.origin } = options;
    const form = new URLSearchParams();
    for (const [name, value] of Object.entries({ ...fields, ...(csrf !== null && { csrf }) }))
      for (const each of [value].flat()) form.append(name, each);
    return this.request('POST', path, form, origin === null ? {} : { origin });
  }

  /** Its cookies, for requests that are made without it. */
  get cookieHeader(): string {
    return [...this.cookies].map(([name, value]) => `${name}=${value}`).join('; ');
  }

  private async request(
    method: string,
    path: string,
    body: URLSearchParams | undefined,
    headers: Record<string, string>,
  ): Promise<ConsoleResponse> {
    const cookie = this.cookieHeader;
    const response = await fetch(new URL(path, this.origin), {
      method,
      redirect: 'manual',
      headers: { ...headers, ...(cookie && { cookie }) },
      ...(body && { body }),
    });
    for (const set of response.headers.getSetCookie()) {
      this.setCookies.push(set);
      const [, name, value] = /^([^=]+)=([^;]*)/.exec(set)!;
      if (value === '') this.cookies.delete(name!);
      else this.cookies.set(name!, value!);
    }
    return { status: response.status, headers: response.headers, html: await response.text() };
  }
}

/** The token of the forms of a page. */
export function tokenIn(html: string): string {
  const [, token] = /name="csrf" value="([^"]+)"/.exec(html) ?? [];
  if (token === undefined) throw new Error(`The page has no form: ${html.slice(0, 500)}`);
  return token;
}
