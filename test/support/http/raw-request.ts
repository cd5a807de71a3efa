import { request } from 'node:http';

export interface RawRequest {
  method: string;
  /** With its query, sent as it is: printable ASCII without spaces. */
  path: string;
  headers?: Record<string, string>;
  body?: string;
}

export interface RawResponse {
  status: number;
  headers: Record<string, unknown>;
  /** Of a stream, what had come with its beginning: ''. */
  text: string;
}

/** Sends what `fetch` would tidy up or refuse to send. */
export function rawRequest(
  origin: string,
  { method, path, headers, body }: RawRequest,
): Promise<RawResponse> {
  return new Promise((resolve, reject) => {
    const { hostname, port } = new URL(origin);
    const sent = request({ hostname, port, method, path, headers, agent: false }, (response) => {
      const answer = { status: response.statusCode!, headers: response.headers };
      if (response.headers['content-type']?.startsWith('text/event-stream')) {
        response.destroy();
        return resolve({ ...answer, text: '' });
      }
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('error', reject);
      response.on('end', () => resolve({ ...answer, text: Buffer.concat(chunks).toString() }));
    });
    sent.on('error', reject);
    sent.end(body);
  });
}
