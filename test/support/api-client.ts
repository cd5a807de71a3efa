import type { Event, Method, ResponseBody } from './api-types';
import type { EventOfTypes } from './event/of-type';
import type { ReceivedResponse } from './openapi/described-responses';

/**
 * Inboxwire's API as an application calls it. Methods fail unless the answer has the expected status; what they give has
 * the type that the generated client has for it.
 */
export class ApiClient {
  /** @param check gets to see every answer, and may fail */
  constructor(
    readonly origin: string,
    private readonly key: string,
    private readonly check: (method: string, path: string, answer: ReceivedResponse) => void = () => {},
  ) {}

  get<const P extends string, const S extends number = 200>(path: P, expected?: S) {
    return this.call<'GET', P, S>('GET', path, undefined, expected);
  }

  post<const P extends string, const S extends number = 200>(path: P, body?: unknown, expected?: S) {
    return this.call<'POST', P, S>('POST', path, body, expected);
  }

  put<const P extends string, const S extends number = 200>(path: P, body?: unknown, expected?: S) {
    return this.call<'PUT', P, S>('PUT', path, body, expected);
  }

  patch<const P extends string, const S extends number = 200>(path: P, body?: unknown, expected?: S) {
    return this.call<'PATCH', P, S>('PATCH', path, body, expected);
  }

  delete<const P extends string, const S extends number>(path: P, expected: S) {
    return this.call<'DELETE', P, S>('DELETE', path, undefined, expected);
  }

  /** Every event, page by page; of one mailbox or of all, and of the types that are asked for. */
  async events<const Types extends string = Event['type']>(
    query: { types?: Types; mailboxId?: string; after?: string } = {},
  ): Promise<EventOfTypes<Types>[]> {
    const events: Event[] = [];
    for (let after: string | undefined; ;) {
      const parameters = new URLSearchParams({ limit: '500', ...query, ...(after && { after }) });
      const page = await this.get(`/v1/events?${parameters.toString()}`);
      events.push(...page.data);
      if (page.nextCursor === null || page.nextCursor === after) return events as EventOfTypes<Types>[];
      after = page.nextCursor;
    }
  }

  private async call<M extends Method, P extends string, S extends number>(
    method: M,
    path: P,
    body: unknown,
    expected: number = 200,
  ): Promise<ResponseBody<M, P, S>> {
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
    const answer: unknown = text === '' ? undefined : JSON.parse(text);
    this.check(method, path, {
      status: response.status,
      contentType: response.headers.get('content-type'),
      body: answer,
    });
    return answer as ResponseBody<M, P, S>;
  }
}
