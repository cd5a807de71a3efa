/** A request of the API, or of what is beside it. */
export interface Ask {
  method: string;
  /** With its query. */
  path: string;
  /** The API key, or a token of Google's; null sends none. */
  key: string | null;
  headers?: Record<string, string>;
  /** An object is sent as JSON. */
  body?: object | string;
}

/** An answer, whatever it is. */
export interface Received {
  status: number;
  headers: Headers;
  contentType: string | null;
  /** Parsed where it is JSON, else the text; undefined when there is none, or when it never ends. */
  body: unknown;
}

/** Sends a request as it is, and checks nothing of what is answered. */
export async function send(origin: string, { method, path, key, headers, body }: Ask): Promise<Received> {
  const answer = await fetch(origin + path, {
    method,
    redirect: 'manual',
    headers: {
      ...(key !== null && { authorization: `Bearer ${key}` }),
      ...(body !== undefined && { 'content-type': 'application/json' }),
      ...headers,
    },
    ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  });
  const contentType = answer.headers.get('content-type');
  const received = { status: answer.status, headers: answer.headers, contentType };
  if (contentType?.startsWith('text/event-stream')) {
    await answer.body?.cancel();
    return { ...received, body: undefined };
  }
  const text = await answer.text();
  const isJson = /[/+]json\b/.test(contentType ?? '');
  return { ...received, body: text === '' ? undefined : isJson ? (JSON.parse(text) as unknown) : text };
}
