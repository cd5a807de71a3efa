import type { ReceivedResponse } from './openapi/described-responses';

/** Inboxwire's API as an application calls it. Methods fail unless the answer has the expected status. */
export class ApiClient {
  /** @param look gets to see every answer, and may fail */
  constructor(
    readonly origin: string,
    private readonly key: string,
    private readonly look: (method: string, path: string, answer: ReceivedResponse) => void = () => {},
  ) {}

  get(path: string, expected = 200): Promise<any> {
    return this.call('GET', path, undefined, expected);
  }

  post(path: string, body?: unknown, expected = 200): Promise<any> {
    return this.call('POST', path, body, expected);
  }

  put(path: string, body?: unknown, expected = 200): Promise<any> {
    return this.call('PUT', path, body, expected);
  }

  patch(path: string, body?: unknown, expected = 200): Promise<any> {
    return this.call('PATCH', path, body, expected);
  }

  delete(path: string, expected: number): Promise<any> {
    return this.call('DELETE', path, undefined, expected);
  }

  /** Every event, page by page; of one mailbox or of all. */
  async events(query: Record<string, string> = {}): Promise<any[]> {
    const events: any[] = [];
    for (let after: string | undefined; ;) {
      const parameters = new URLSearchParams({ limit: '500', ...query, ...(after && { after }) });
      const page = await this.get(`/v1/events?${parameters.toString()}`);
      events.push(...page.data);
      if (page.nextCursor === null || page.nextCursor === after) return events;
      after = page.nextCursor;
    }
  }

  private async call(method: string, path: string, body: unknown, expected: number): Promise<any> {
    const response = await fetch(this.origin + path, {
      method,
      headers: {
        authorization: `Bearer ${this.key}`,
        ...(body !== undefined && { 'content-type': 'application/json' }),
      },
      body: body === undefined ? undefined : JSON.stringify(body),
    });
    const text = await response.text();
    if (response.status !== expected)
      throw new Error(`${method} ${path} answered ${response.status}, not ${expected}: ${text}`);
    const answer = text === '' ? undefined : JSON.parse(text);
    this.look(method, path, {
      status: response.status,
      contentType: response.headers.get('content-type'),
      body: answer,
    });
    return answer;
  }
}
