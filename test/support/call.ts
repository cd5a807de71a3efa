import { API_KEY } from './test-app';

/** An answer of the API, whatever it is. */
export interface CallResponse {
  status: number;
  headers: Headers;
  text: string;
  body: any;
}

/** Asks a service something, with any key and headers, and checks nothing of what it answers. */
export async function call(
  origin: string,
  method: string,
  path: string,
  options: { key?: string | null; body?: unknown; text?: string; headers?: Record<string, string> } = {},
): Promise<CallResponse> {
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
    body: text === '' ? undefined : JSON.parse(text),
  };
}
