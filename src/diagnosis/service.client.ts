const TIMEOUT_MS = 10_000;

export interface ServiceResponse<T> {
  status: number;
  body: T;
  headers: Headers;
}

/** Asks the running service, by its own API. */
export class ServiceClient {
  /** Where it answers: PUBLIC_URL or the address that it listens on; undefined when nowhere. */
  origin: string | undefined;

  constructor(
    readonly publicUrl: string,
    readonly localUrl: string,
    readonly apiKey: string | undefined,
  ) {}

  /** @throws Error that says why there is no answer */
  async get<T>(path: string, origin = this.origin ?? this.localUrl): Promise<ServiceResponse<T>> {
    return this.send<T>('GET', origin + path);
  }

  async put<T>(path: string, body: object): Promise<ServiceResponse<T>> {
    return this.send<T>('PUT', (this.origin ?? this.localUrl) + path, body);
  }

  private async send<T>(method: string, url: string, body?: object): Promise<ServiceResponse<T>> {
    try {
      const response = await fetch(url, {
        method,
        headers: {
          ...(this.apiKey && url.includes('/v1/') ? { authorization: `Bearer ${this.apiKey}` } : {}),
          ...(body && { 'content-type': 'application/json' }),
        },
        ...(body && { body: JSON.stringify(body) }),
        redirect: 'manual',
        signal: AbortSignal.timeout(TIMEOUT_MS),
      });
      const text = await response.text();
      return { status: response.status, body: parse(text) as T, headers: response.headers };
    } catch (error) {
      throw new Error(`${url} does not answer`, { cause: error });
    }
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
