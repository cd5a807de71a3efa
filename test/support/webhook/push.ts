import { request } from 'node:http';
import type { Problem } from '../api-types';
import { PUSH, type TestApp } from '../test-app';

export interface PushOptions {
  /** A genuine token by default; null sends no `Authorization` at all. */
  token?: string | null;
  /** Besides `Authorization`. Without a `content-type` none is sent. */
  headers?: Record<string, string>;
  body: string | Buffer;
}

export interface PushResponse {
  status: number;
  type: string | undefined;
  headers: Record<string, unknown>;
  /** Undefined when the answer is none. */
  problem: Problem | undefined;
}

const JSON_TYPE = { 'content-type': 'application/json' };

/**
 * Sends a push as Pub/Sub would, or as somebody who pretends to. Plain `http`, since the answer to a body that is too
 * large comes before the body is read.
 */
export function sendPush(
  app: Pick<TestApp, 'google'> & { service: { address: string } },
  { token, headers = JSON_TYPE, body }: PushOptions,
): Promise<PushResponse> {
  const bearer = token === undefined ? app.google.mintPushToken() : token;
  const authorization = bearer === null ? {} : { authorization: `Bearer ${bearer}` };
  return new Promise((resolve, reject) => {
    const sent = request(`${app.service.address}/webhooks/gmail`, {
      method: 'POST',
      agent: false,
      headers: { ...authorization, ...headers, 'content-length': Buffer.byteLength(body) },
    });
    let answered = false;
    sent.on('response', (response) => {
      answered = true;
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('error', reject);
      response.on('end', () => {
        const text = Buffer.concat(chunks).toString();
        const type = response.headers['content-type']?.split(';')[0];
        const problem = type === 'application/problem+json' ? (JSON.parse(text) as Problem) : undefined;
        resolve({ status: response.statusCode!, type, headers: response.headers, problem });
      });
    });
    // The server may close while the rest of a refused body is still being written.
    sent.on('error', (error) => (answered ? undefined : reject(error)));
    sent.end(body);
  });
}

/** The body of a wrapped push with this data, as text. */
export function wrapped(
  data: string,
  options: { subscription?: string; encoding?: 'base64' | 'base64url' } = {},
): string {
  const { subscription = PUSH.subscription, encoding = 'base64' } = options;
  return JSON.stringify({
    message: {
      data: Buffer.from(data).toString(encoding),
      messageId: '1',
      publishTime: '2026-01-01T00:00:00Z',
    },
    subscription,
  });
}

/** A Gmail notification as text; the history id is written as it is given, so that `"1"` and `1` differ. */
export function notification(emailAddress: string, historyId: string): string {
  return `{"emailAddress":${JSON.stringify(emailAddress)},"historyId":${historyId}}`;
}
