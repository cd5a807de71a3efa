import type { AnyResponseBody } from './api-types';
import { API_KEY } from './test-app';

/** An answer of the API, whatever it is. */
export interface CallResponse<Body = unknown> {
  status: number;
  headers: Headers;
  text: string;
  body: Body;
}

/** Asks a service something, with any key and headers, and checks nothing of what it answers. */
export async function call<const M extends string, const P extends string>(
  origin: string,
  method: M,
  path: P,
  options: { key?: string | null; body?: unknown; text?: string; headers?: Record<string, string> } = {},
): Promise<CallResponse<AnyResponseBody<M, P>>> {
  const { key = API_KEY, body, text: sent, headers } = options;
  const answer = await fetch(origin + path, {
    method,
    headers: {
      ...(key !== null && { authorization: `Bearer ${key}` }),
      ...(body !== undefined && { 'content-type': 'application/json' }),
      ...headers,
    },
    ...((body !== undefined || sent !== undefined) && { body: sent ?? JSON.stringify(body) }),
  });
  const text = await answer.text();
  return {
    status: answer.status,
    headers: answer.headers,
    text,
    body: (text === '' ? undefined : JSON.parse(text)) as AnyResponseBody<M, P>,
  };
}
